/** A request that is not answered by then is given up. */
const PATIENCE_MS = 10_000

/**
 * Does a task again and again, `periodMs` after it was last done, while somebody can see the page: not while its tab is
 * hidden, and not while the page lies in the back/forward cache. No request is held open in between, for a browser has six
 * connections to a server, for all of its tabs and all that they keep. Answers how to stop.
 */
export function poll(task: (signal: AbortSignal) => Promise<unknown>, periodMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined
  let isPutAside = false

  async function ask(): Promise<void> {
    timer = undefined
    const own = new AbortController()
    asking = own
    await task(AbortSignal.any([own.signal, AbortSignal.timeout(PATIENCE_MS)])).catch(() => undefined)
    if (own.signal.aborted) return
    asking = undefined
    timer = setTimeout(ask, periodMs)
  }
  const isSeen = () => document.visibilityState === 'visible' && !isPutAside
  const pause = () => {
    clearTimeout(timer)
    timer = undefined
    asking?.abort()
    asking = undefined
  }
  const goOn = () => {
    if (!isSeen()) pause()
    else if (timer === undefined && asking === undefined) void ask()
  }
  const putAside = () => {
    isPutAside = true
    pause()
  }
  const takeUp = () => {
    isPutAside = false
    goOn()
  }

  document.addEventListener('visibilitychange', goOn)
  addEventListener('pagehide', putAside)
  addEventListener('pageshow', takeUp)
  goOn()
  return () => {
    document.removeEventListener('visibilitychange', goOn)
    removeEventListener('pagehide', putAside)
    removeEventListener('pageshow', takeUp)
    pause()
  }
}
