import type { Cancel, Clock } from '../../clock/clock.ts'
import { retryDelayMs } from './retry.ts'

/** Whoever wants to put something into a site. */
export interface Visitor {
  /** It may try now. */
  readonly wake: () => void
  /** Aborted: it wants nothing any more. */
  readonly signal: AbortSignal
}

/** Why an attempt is not worth while. */
export interface SiteFailure {
  readonly error: Error
  /** When it is tried again, by whoever has waited for the longest time; ms since 1970. */
  readonly retryAt: number
}

/** An attempt under way. */
export interface Attempt {
  readonly site: string
  readonly visitor: Visitor
  readonly begun: number
}

/** What became of an attempt: `taken` and `refused` say that the site is there, `given up` says nothing. */
export type AttemptEnd = 'taken' | 'refused' | 'given up' | { readonly siteError: Error }

interface FailingSite {
  error: Error
  failures: number
  retryAt: number
  /** In the order of all attempts. */
  failedAt: number
  scout?: Visitor | undefined
  readonly waiting: Set<Visitor>
  cancel: Cancel
}

/** Of those for which nobody waits, so many are remembered. */
const MOST_FORSAKEN = 1_000

/**
 * What many put into (a bucket, whatever the keys) and what fails for all of them: it is tried by one at a time, later and
 * later, and when it takes something all the others are woken. Attempts are bounded by sites and time, however many wait.
 */
export function createSites(clock: Pick<Clock, 'now' | 'lookAt'>) {
  const failing = new Map<string, FailingSite>()
  let order = 0

  const arm = (site: string, at: number): void => {
    const found = failing.get(site)
    if (!found) return
    found.cancel()
    found.cancel = found.waiting.size === 0 ? () => undefined : clock.lookAt(at, () => wakeNext(site))
  }
  const wakeNext = (site: string): void => {
    const found = failing.get(site)
    if (!found) return
    for (const visitor of found.waiting) {
      found.waiting.delete(visitor)
      if (visitor.signal.aborted) continue
      visitor.wake()
      break
    }
    // Should it not come.
    arm(site, clock.now() + retryDelayMs(found.failures))
  }
  const wait = (site: string, found: FailingSite, visitor: Visitor): void => {
    if (found.waiting.has(visitor)) return
    found.waiting.add(visitor)
    if (found.waiting.size > 1) return
    const now = clock.now()
    arm(site, found.scout ? now + retryDelayMs(found.failures) : Math.max(found.retryAt, now + 1))
  }
  const opened = (site: string): void => {
    const found = failing.get(site)
    if (!found) return
    failing.delete(site)
    found.cancel()
    for (const visitor of found.waiting) if (!visitor.signal.aborted) visitor.wake()
  }
  const failed = ({ site, begun }: Attempt, error: Error): void => {
    const before = failing.get(site)
    // Those that were under way together failed together.
    if (before && begun < before.failedAt) return
    const found = before ?? {
      ...{ error, failures: 0, retryAt: 0, failedAt: 0 },
      ...{ waiting: new Set<Visitor>(), cancel: () => undefined },
    }
    found.retryAt = clock.now() + retryDelayMs(found.failures)
    found.failures++
    Object.assign(found, { error, failedAt: ++order })
    failing.set(site, found)
    if (!before) forget(failing)
    arm(site, found.retryAt)
  }
  return {
    /** The attempt that may be made, or why it is to wait until it is woken; who `insists` does not wait. */
    enter(site: string, visitor: Visitor, insists: boolean): Attempt | SiteFailure {
      const found = failing.get(site)
      const isNext = found && !found.scout && clock.now() >= found.retryAt
      if (found && !insists && !isNext) {
        wait(site, found, visitor)
        return { error: found.error, retryAt: found.retryAt }
      }
      if (found) {
        found.waiting.delete(visitor)
        found.scout ??= visitor
      }
      return { site, visitor, begun: ++order }
    },
    ended(attempt: Attempt, end: AttemptEnd): void {
      const found = failing.get(attempt.site)
      if (found?.scout === attempt.visitor) found.scout = undefined
      if (typeof end === 'object') failed(attempt, end.siteError)
      else if (end !== 'given up') opened(attempt.site)
    },
  }
}

export type Sites = ReturnType<typeof createSites>

function forget(failing: Map<string, FailingSite>): void {
  if (failing.size <= MOST_FORSAKEN) return
  for (const [site, { waiting, scout }] of failing)
    if (waiting.size === 0 && !scout) return void failing.delete(site)
}
