/** Every kind of thing that can be wrong: docs/reliability.md says what each means. */
export const PROBLEM_CODES = [
  ...(['RecordsGone', 'DeliveryFailing', 'RecordsExpiring', 'QuerySuspended', 'QueryUnfinished'] as const),
  ...(['SourceAccessDenied', 'DeliveryAccessDenied', 'DataLost', 'Damaged', 'ClockSetBack'] as const),
  ...(['QuotaMet', 'FillsUp', 'StorageFull', 'LogStopped', 'BackgroundFailed', 'Contended'] as const),
  ...(['KeyFileWrong', 'KeysUnusable', 'TooManyConnections', 'AccessLogBroken'] as const),
  ...(['NotificationsFailing', 'NotificationsGivenUp'] as const),
]
export type ProblemCode = (typeof PROBLEM_CODES)[number]

/** Something that is wrong, until it is solved. */
export interface Problem {
  readonly code: ProblemCode
  /** What it is wrong with, as a user names it: `delivery stream clicks`, `bucket landing-zone`. */
  readonly where: string
  /** One sentence without its full stop, with what to do about it where something can be done. */
  readonly what: string
}

export interface KnownProblem extends Problem {
  /** When it was first reported, ms since 1970. */
  readonly since: number
}

/** Where everything that is wrong is said once, for the log, health, metrics, `status` and the console alike. */
export interface Problems {
  /** Says it, or says it anew: one of a code and a place keeps its `since`, and is logged again only in other words. */
  report(problem: Problem): void
  /** It is over; nothing when it was not known. */
  solved(code: ProblemCode, where: string): void
}

export interface KnownProblems extends Problems {
  /** The oldest first. */
  list(): readonly KnownProblem[]
  /** How often anything was reported since the start, by code. */
  reports(): ReadonlyMap<string, number>
  /** Grows with whatever changes them. */
  changes(): number
}

export interface ProblemsOptions {
  readonly now: () => number
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void
  readonly info: (message: string, fields: Readonly<Record<string, unknown>>) => void
}

export function createProblems({ now, warn, info }: ProblemsOptions): KnownProblems {
  const known = new Map<string, KnownProblem>()
  const reports = new Map<string, number>()
  let changes = 0
  const keyOf = (code: string, where: string) => `${code}\n${where}`
  return {
    report(problem) {
      const { code, where, what } = problem
      const key = keyOf(code, where)
      const before = known.get(key)
      reports.set(code, (reports.get(code) ?? 0) + 1)
      known.set(key, { ...problem, since: before?.since ?? now() })
      if (before?.what === what) return
      changes += 1
      warn(what, { code, where })
    },
    solved(code, where) {
      const key = keyOf(code, where)
      const before = known.get(key)
      if (!known.delete(key)) return
      changes += 1
      info(`solved: ${before?.what}`, { code, where })
    },
    list: () => [...known.values()],
    reports: () => reports,
    changes: () => changes,
  }
}

/** Who listens to nobody: for tests, and where nothing is shown. */
export const unheardProblems: Problems = { report: () => undefined, solved: () => undefined }
