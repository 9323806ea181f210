import type { Cancel } from '../../clock/clock.ts'
import { machineTimer } from '../../clock/machine-timer.ts'

/** How often a run is looked at. Time counts in such pieces: a process that stood still has lost but one. */
const LOOK_MS = 50
/** How long a run goes on while others wait. */
const TURN_MS = 1000

export interface Watch {
  /** What a program may take for one document, machine time. */
  readonly timeMs: number
  /** Whether others wait. */
  readonly isAwaited: () => boolean
  readonly signal: AbortSignal
}

/** Looks at a run by its count of answers. The verdict rejects with the signal's reason when that aborts. */
export function watchOver(answered: () => number, { timeMs, isAwaited, signal }: Watch) {
  let cancel: Cancel = () => undefined
  let [before, turnMs, documentMs] = [0, 0, 0]
  const { promise, resolve, reject } = Promise.withResolvers<'time' | 'yielded'>()
  const aborted = () => reject(signal.reason)

  function look(): void {
    const count = answered()
    turnMs += LOOK_MS
    documentMs = count > before ? 0 : documentMs + LOOK_MS
    before = count
    if (documentMs >= timeMs) resolve('time')
    else if (count > 0 && turnMs >= TURN_MS && isAwaited()) resolve('yielded')
    else cancel = machineTimer(LOOK_MS, look)
  }

  if (signal.aborted) aborted()
  signal.addEventListener('abort', aborted)
  // Whoever stopped listening does not hear of it.
  promise.catch(() => undefined)
  return {
    verdict: promise,
    /** From now on time counts. */
    start(): void {
      cancel = machineTimer(LOOK_MS, look)
    },
    stop(): void {
      cancel()
      signal.removeEventListener('abort', aborted)
    },
  }
}
