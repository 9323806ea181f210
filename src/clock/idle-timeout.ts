/** Aborts its signal when it was left alone for too long. */
export interface IdleTimeout {
  readonly signal: AbortSignal
  /** The time begins anew. */
  restart(): void
  /** No time passes until the next `restart`. */
  stop(): void
}

/** Machine time, for what goes on outside of this process and does not wait for the virtual clock. Begins stopped. */
export function idleTimeout(durationMs: number): IdleTimeout {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearTimeout(timer)
  return {
    signal: controller.signal,
    restart() {
      stop()
      timer = setTimeout(() => {
        controller.abort(new DOMException(`nothing happened for ${durationMs} ms`, 'TimeoutError'))
      }, durationMs).unref()
    },
    stop,
  }
}
