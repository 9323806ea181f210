import { EngineError } from '../ports/engine.ts'

/** What the engine may keep: memory that runs out would end the process, a refusal does not. */
export function createMemoryBudget(limitBytes: number) {
  let used = 0
  /** Gives back what is kept for nobody. */
  let sweep = () => {}
  return {
    /** Throws StorageFull. */
    take(bytes: number): void {
      if (used + bytes > limitBytes) sweep()
      if (used + bytes > limitBytes)
        throw new EngineError('StorageFull', `the memory engine keeps ${limitBytes} bytes at most`)
      used += bytes
    },
    usedBytes: (): number => used,
    limitBytes,
    give(bytes: number): void {
      used -= bytes
    },
    onShortage(free: () => void): void {
      sweep = free
    },
  }
}

export type MemoryBudget = ReturnType<typeof createMemoryBudget>
