import type { LogId, Position } from '../../engine/ports/engine.ts'
import type { Origin } from '../reading/log-range.ts'
import type { Exceeded, Judging, Verdict } from '../step.ts'

/** `inARow`: records before this batch for which the program exceeded its bounds. */
export function judgeFirst(before: number, isPatient = false) {
  const verdicts = createVerdicts()
  let inARow = before
  return {
    isPatient,
    verdictOf: () => (inARow >= MOST_IN_A_ROW ? 'suspended' : undefined),
    goesOn(answer) {
      if (!('flaw' in answer)) inARow = 'exceeded' in answer ? inARow + 1 : 0
      return inARow < MOST_IN_A_ROW
    },
    decide: verdicts.add,
    inARow: () => inARow,
    verdicts: verdicts.list,
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

/** So many records in a row that a query could not be run on to its end suspend it. */
export const MOST_IN_A_ROW = 3

type Place = readonly [position: Position, part: number]

/** Of one log, what could come out otherwise the next time, although nothing of the record or the query changed. */
interface LogVerdicts extends LogId {
  readonly exceeded: readonly (readonly [...Place, Exceeded])[]
  /** From this record on the query was not asked. */
  readonly suspendedFrom?: Place
}

/** What must be the same when a batch is repeated; durable before any of it is emitted. */
export type Verdicts = readonly LogVerdicts[]

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`

/** Finds what was decided of a record, or undefined: the query is to answer. */
function verdictsBy(verdicts: Verdicts): (origin: Origin) => Verdict | undefined {
  const logs = new Map(
    verdicts.map((one) => [
      keyOf(one),
      {
        exceeded: new Map(one.exceeded.map(([position, part, what]) => [`${position}/${part}`, what])),
        from: one.suspendedFrom,
      },
    ]),
  )
  return (origin) => {
    const own = logs.get(keyOf(origin))
    const [position = Number.POSITIVE_INFINITY, part = 0] = own?.from ?? []
    const isSuspended = origin.position > position || (origin.position === position && origin.part >= part)
    return isSuspended ? 'suspended' : own?.exceeded.get(`${origin.position}/${origin.part}`)
  }
}

/** Gathers verdicts; each log's records come in their order. */
function createVerdicts() {
  const logs = new Map<string, { log: LogId; exceeded: [...Place, Exceeded][]; from?: Place }>()
  return {
    add(origin: Origin, verdict: Verdict): void {
      const { group, log, position, part } = origin
      const own = logs.get(keyOf(origin)) ?? { log: { group, log }, exceeded: [] }
      logs.set(keyOf(origin), own)
      if (verdict === 'suspended') own.from ??= [position, part]
      else own.exceeded.push([position, part, verdict])
    },
    list: (): Verdicts =>
      [...logs.values()].map(({ log, exceeded, from }) => ({
        ...log,
        exceeded,
        ...(from && { suspendedFrom: from }),
      })),
  }
}
