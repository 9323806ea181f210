/** Does what it was asked for a little later, once for all who asked meanwhile. */
export interface Soon {
  ask(): void
  /** Nothing is done any more. */
  stop(): void
}

/** Machine time, for what must happen while a virtual clock stands still. Does not keep the process alive. */
export function soon(delayMs: number, task: () => void): Soon {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  return {
    ask() {
      if (isStopped) return
      timer ??= setTimeout(() => {
        timer = undefined
        task()
      }, delayMs).unref()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
