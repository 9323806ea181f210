/** Who waits for which key to be woken. */
export function createWaiters() {
  const waiting = new Map<string, Set<() => void>>()
  const wake = (key: string) => {
    const woken = waiting.get(key)
    waiting.delete(key)
    for (const resolve of woken ?? []) resolve()
  }
  return {
    /** Resolves when the key is woken or the signal aborts. */
    wait(key: string, signal: AbortSignal): Promise<void> {
      return new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const waiters = waiting.get(key) ?? new Set()
        waiting.set(key, waiters)
        const done = () => {
          signal.removeEventListener('abort', done)
          waiters.delete(done)
          if (waiters.size === 0 && waiting.get(key) === waiters) waiting.delete(key)
          resolve()
        }
        waiters.add(done)
        signal.addEventListener('abort', done, { once: true })
      })
    },
    wake,
    wakeAll(): void {
      for (const key of [...waiting.keys()]) wake(key)
    },
  }
}

export type Waiters = ReturnType<typeof createWaiters>
