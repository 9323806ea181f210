import { machineTimer } from '../../clock/machine-time.ts'

/** Whoever moves the clock waits no longer, machine time: one that does not answer is tried for five seconds. */
const WAITED_MS = 10_000

interface Waiting {
  readonly key: string
  readonly done: () => void
}

/** What whoever moves the clock waits for: that what is known of by then is tried, however much comes behind it. */
export function createSettling() {
  const waiting = new Set<Waiting>()
  let underWay = 0
  /** The last that is known of. */
  let known = ''
  let isSlow = false
  const end = (ended: (key: string) => boolean) => {
    for (const one of waiting)
      if (ended(one.key)) {
        waiting.delete(one)
        one.done()
      }
  }
  return {
    /** Work is under way until what it returns is called. */
    begin(key = ''): () => void {
      if (key > known) known = key
      underWay++
      return () => {
        underWay--
        if (underWay > 0) return
        isSlow = false
        end(() => true)
      }
    },
    isUnderWay: (): boolean => underWay > 0,
    /** All up to `key` was tried. */
    reached: (key: string): void => end((wanted) => wanted !== '' && wanted <= key),
    async settled(): Promise<void> {
      if (underWay === 0 || isSlow) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const one = { key: known, done: resolve }
      waiting.add(one)
      const cancel = machineTimer(WAITED_MS, () => {
        isSlow = true
        waiting.delete(one)
        resolve()
      })
      await promise
      cancel()
    },
  }
}
