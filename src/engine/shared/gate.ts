import { EngineError } from '../ports/engine.ts'

/** Lets work in until it is closed; closing waits for what is inside. */
export function createGate() {
  let inside = 0
  let closed = false
  let emptied: (() => void) | undefined
  const check = () => {
    if (closed) throw new EngineError('Closed', 'the engine is closed')
  }
  return {
    check,
    async run<T>(work: () => T | Promise<T>): Promise<T> {
      check()
      inside++
      try {
        return await work()
      } finally {
        inside--
        if (inside === 0) emptied?.()
      }
    },
    async close(): Promise<void> {
      closed = true
      if (inside > 0) await new Promise<void>((resolve) => (emptied = resolve))
    },
  }
}

export type Gate = ReturnType<typeof createGate>
