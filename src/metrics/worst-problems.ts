import type { KnownProblem, ProblemCode } from './problems.ts'

/** Nothing, or not what was acknowledged, is taken in and served any more. */
const LOST = 0
/** It will be so, or what somebody wants is refused, unless something is done. */
const NEAR = 1
/** It is tried again, and nothing is lost meanwhile. */
const WAITS = 2

const SEVERITIES: Readonly<Record<ProblemCode, number>> = {
  ...{ StorageFull: LOST, LogStopped: LOST, DataLost: LOST, Damaged: LOST, RecordsGone: LOST },
  ...{ RecordsExpiring: NEAR, FillsUp: NEAR, QuotaMet: NEAR, QuerySuspended: NEAR, KeysUnusable: NEAR },
  ...{ KeyFileWrong: NEAR, ClockSetBack: NEAR, TooManyConnections: NEAR, AccessLogBroken: NEAR },
  ...{ NotificationsGivenUp: NEAR, NotificationsFailing: WAITS },
  ...{ SourceAccessDenied: WAITS, DeliveryAccessDenied: WAITS, DeliveryFailing: WAITS },
  ...{ QueryUnfinished: WAITS, Contended: WAITS, BackgroundFailed: WAITS },
}

export interface WorstProblems {
  readonly problems: readonly KnownProblem[]
  /** How many there are of those that are not among them, by code. */
  readonly unlisted: Readonly<Partial<Record<ProblemCode, number>>>
}

/**
 * At most so many: the severest first. Of one severity each code comes in turn, so that many of one hide no other, and of
 * a code the newest come first: the oldest are known.
 */
export function worstProblems(known: readonly KnownProblem[], most: number): WorstProblems {
  const counts = new Map<ProblemCode, number>()
  const ranked = known
    .toSorted((one, other) => other.since - one.since)
    .map((problem) => {
      const turn = counts.get(problem.code) ?? 0
      counts.set(problem.code, turn + 1)
      return { problem, turn, severity: SEVERITIES[problem.code] }
    })
    .sort((one, other) => one.severity - other.severity || one.turn - other.turn)
  for (const { problem } of ranked.slice(0, most)) counts.set(problem.code, counts.get(problem.code)! - 1)
  return {
    problems: ranked.slice(0, most).map(({ problem }) => problem),
    unlisted: Object.fromEntries([...counts].filter(([, count]) => count > 0)),
  }
}
