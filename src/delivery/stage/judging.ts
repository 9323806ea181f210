import { list, maybe, number, oneOf, shape, text, tuple } from '../../engine/ports/checks.ts'
import type { LogId, Position } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'
import type { Job } from '../job.ts'
import { logKeyOf, type Origin } from '../reading/log-range.ts'
import { EXCEEDED, type Exceeded, type Judging, type Verdict } from '../step.ts'

/** So many records in a row that a query could not be run on to its end suspend it. */
export const MOST_IN_A_ROW = 3

/** What is found of a batch as it is judged. */
interface Found {
  /** The last records, so many, for which the program exceeded its bounds. */
  inARow: number
  readonly logs: Map<string, LogFound>
}

interface LogFound {
  readonly log: LogId
  readonly exceeded: [...Place, Exceeded][]
  suspendedFrom?: Place
}

/** `inARow`: records before this batch for which the program exceeded its bounds. */
export function judgeFirst(inARow: number, isPatient = false) {
  const found: Found = { inARow, logs: new Map() }
  return {
    isPatient,
    verdictOf: () => (found.inARow >= MOST_IN_A_ROW ? 'suspended' : undefined),
    goesOn(answer) {
      if (!('flaw' in answer)) found.inARow = 'exceeded' in answer ? found.inARow + 1 : 0
      return found.inARow < MOST_IN_A_ROW
    },
    decide: (origin, verdict) => add(found, origin, verdict),
    inARow: () => found.inARow,
    verdicts: () => verdictsOf(found),
  } satisfies Judging & { inARow(): number; verdicts(): Verdicts }
}

/** Of a batch that may have been emitted in part. */
export function judgeAgain(verdicts: Verdicts): Judging {
  const known = verdictsBy(verdicts)
  return {
    isPatient: true,
    verdictOf: known,
    goesOn: (answer) => !('exceeded' in answer),
    decide(origin, verdict) {
      if (known(origin) === undefined) throw new AnswerMissing(verdict)
    },
  }
}

/** Of a batch that a former version began: its records' verdicts are not known, but all had answers if it was emitted. */
export const judgeFormer = () => judgeFirst(0, true)

/** A record had an answer when its batch was first processed, and has none now. */
export class AnswerMissing extends Error {
  constructor(verdict: Verdict) {
    super(`a query that had ended for a record does not end now: ${verdict}`)
  }
}

type Place = readonly [position: Position, part: number]

/** Of one log, what could come out otherwise the next time, although nothing of the record or the query changed. */
interface LogVerdicts extends LogId {
  readonly exceeded: readonly (readonly [...Place, Exceeded])[]
  /** From this record on the query was not asked. */
  readonly suspendedFrom?: Place
}

/** What must be the same when a batch is repeated; durable before any of it is emitted. */
export type Verdicts = readonly LogVerdicts[]

export const verdictsCheck = list(
  shape<LogVerdicts>({
    ...{ group: text, log: text },
    exceeded: list(tuple<[...Place, Exceeded]>(number, number, oneOf(...EXCEEDED))),
    suspendedFrom: maybe(tuple<Place>(number, number)),
  }),
)

/** Finds what was decided of a record, or undefined: the query is to answer. */
function verdictsBy(verdicts: Verdicts): (origin: Origin) => Verdict | undefined {
  const logs = new Map(
    verdicts.map((one) => [
      logKeyOf(one),
      {
        exceeded: new Map(one.exceeded.map(([position, part, what]) => [`${position}/${part}`, what])),
        from: one.suspendedFrom,
      },
    ]),
  )
  return (origin) => {
    const own = logs.get(logKeyOf(origin))
    const [position = Number.POSITIVE_INFINITY, part = 0] = own?.from ?? []
    const isSuspended = origin.position > position || (origin.position === position && origin.part >= part)
    return isSuspended ? 'suspended' : own?.exceeded.get(`${origin.position}/${origin.part}`)
  }
}

/** Each log's records come in their order. */
function add({ logs }: Found, { group, log, position, part }: Origin, verdict: Verdict): void {
  const key = logKeyOf({ group, log })
  const own = logs.get(key) ?? { log: { group, log }, exceeded: [] }
  logs.set(key, own)
  if (verdict === 'suspended') own.suspendedFrom ??= [position, part]
  else own.exceeded.push([position, part, verdict])
}

const verdictsOf = ({ logs }: Found): Verdicts =>
  [...logs.values()].map(({ log, ...verdicts }) => ({ ...log, ...verdicts }))

/** How the user's program of a version of a job has fared; durable with the stage's positions. */
export interface Exceeding {
  readonly version: number
  /** The last records, so many, for which it exceeded its bounds. */
  readonly inARow: number
  /** When that became too many. */
  readonly suspendedAt?: number
}

export const exceedingCheck = shape<Exceeding>({
  ...{ version: number, inARow: number, suspendedAt: maybe(number) },
})

/** What is known of this version once so many of its last records went so; nothing where it fares well. */
export function exceedingAfter(
  { version }: Pick<Job, 'version'>,
  inARow: number,
  before: Exceeding | undefined,
  now: number,
): Exceeding | undefined {
  if (inARow === 0) return undefined
  if (inARow < MOST_IN_A_ROW) return { version, inARow }
  return { version, inARow, suspendedAt: (before?.version === version && before.suspendedAt) || now }
}

/** Since when the program is suspended; undefined when it runs. */
export const suspendedAt = (
  { version }: Pick<Job, 'version'>,
  exceeding: Exceeding | undefined,
): number | undefined => (exceeding?.version === version ? exceeding.suspendedAt : undefined)

const SUSPENDED = 'QuerySuspended'
const UNFINISHED = 'QueryUnfinished'

/** Says that a program is suspended, or that it is no more. */
export function saySuspension(problems: Problems, { where, stage }: Said, since?: number): void {
  if (since === undefined) problems.solved(SUSPENDED, where)
  else problems.report({ code: SUSPENDED, where, what: stage?.program?.isSuspended ?? '' })
}

/** Says that a batch cannot be finished yet because a record's program does not end any more, or that it could. */
export function sayUnfinished(problems: Problems, { where, stage }: Said, is: boolean): void {
  if (!is) problems.solved(UNFINISHED, where)
  else problems.report({ code: UNFINISHED, where, what: stage?.program?.isUnfinished ?? '' })
}

/** There is nothing left to say of a job that is no more. */
export function sayNoMore(problems: Problems, job: Said): void {
  saySuspension(problems, job)
  sayUnfinished(problems, job, false)
}

type Said = Pick<Job, 'where' | 'stage'>
