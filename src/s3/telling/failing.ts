import type { OwedEvent } from '../notifications/owed-event.ts'

/** So long it is tried to tell somebody of an event. */
export const TRIED_FOR_MS = 24 * 3_600_000

/** Of a server that was stopped for longer: so long it tries at least. */
const LEAST_MS = 3_600_000

const FIRST_WAIT_MS = 1_000
const GROWTH = 3
const MOST_WAIT_MS = 3_600_000

/** Who takes nothing is not asked more often than that for the sake of what is new. */
const LEAST_APART_MS = 30_000

/** How a destination fails; times in ms since 1970. */
export interface Failing {
  /** Since when this process sees it. */
  readonly since: number
  readonly failures: number
  readonly triedAt: number
  readonly retryAt: number
  /** Nothing was taken the last time. */
  readonly isDown: boolean
  readonly why: string
}

/** What became of a walk over a destination's events. */
export interface Walk {
  readonly sent: number
  /** Why those that were not taken were not; undefined when all were. */
  readonly why: string | undefined
  /** It ended where nothing was taken any more. */
  readonly isStopped: boolean
}

/** A destination that takes some and then no more is asked again soon; else later and later. */
export function failingAfter(before: Failing | undefined, { sent, why, isStopped }: Walk, now: number) {
  if (why === undefined) return undefined
  const failures = isStopped && sent > 0 ? 1 : (before?.failures ?? 0) + 1
  const waitMs = Math.min(FIRST_WAIT_MS * GROWTH ** (failures - 1), MOST_WAIT_MS)
  const failing: Failing = {
    ...{ since: before?.since ?? now, failures, triedAt: now, retryAt: now + waitMs },
    ...{ isDown: sent === 0, why },
  }
  return failing
}

/** When all is tried again that was not taken, if there is something new; without it `retryAt` is waited for. */
export const dueAt = ({ isDown, retryAt, triedAt }: Failing): number =>
  isDown ? Math.min(retryAt, triedAt + LEAST_APART_MS) : retryAt

/** Whether it is not tried any more to tell of it. */
export const isGivenUp = (
  { at, owedSince = at }: Pick<OwedEvent, 'at' | 'owedSince'>,
  failing: Pick<Failing, 'since'> | undefined,
  now: number,
): boolean => failing !== undefined && now - owedSince >= TRIED_FOR_MS && now - failing.since >= LEAST_MS
