import { type Answer, BOUNDS, type Bounds, type Exceeded } from '../../firehose/programs/programs.ts'
import type { Origin } from '../reading/reading.ts'
import { createVerdicts, MOST_IN_A_ROW, type Verdict, type Verdicts, verdictsBy } from './verdicts.ts'

/** For a batch that had its answers before: it gets them again also where the machine is slow now. */
const PATIENT: Bounds = { timeMs: 10_000, memoryBytes: 2 ** 30 }

/** Decides of the records of one batch whether their query is asked, and what it means when it exceeds its bounds. */
export interface Judging {
  readonly bounds: Bounds
  /** What is decided of a record already; undefined: the query is asked. */
  verdictOf(origin: Origin): Verdict | undefined
  /** Told of the query's answers in their order; false: it is not asked any more. */
  goesOn(answer: Answer): boolean
  /** Told of a record for which the query exceeded its bounds, or was not asked any more. */
  decide(origin: Origin, verdict: Verdict): void
}

/** `inARow`: records before this batch for which the query exceeded its bounds. */
export function judgeFirst(before: number, bounds: Bounds = BOUNDS) {
  const verdicts = createVerdicts()
  let inARow = before
  return {
    bounds,
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
    bounds: PATIENT,
    verdictOf: known,
    goesOn: (answer) => !('exceeded' in answer),
    decide(origin, verdict) {
      if (known(origin) === undefined) throw new AnswerMissing(verdict)
    },
  }
}

/** Of a batch that a former version began: its records' verdicts are not known, but all had answers if it was emitted. */
export const judgeFormer = () => judgeFirst(0, PATIENT)

/** A record had an answer when its batch was first processed, and has none now. */
export class AnswerMissing extends Error {
  constructor(verdict: Verdict) {
    super(`a query that had ended for a record does not end now: ${verdict}`)
  }
}

/** What its error record says. */
export const MESSAGES: Readonly<Record<Verdict, string>> = {
  time: 'The query took longer than 1 s for this record',
  memory: 'The query needed more than 64 MiB for this record',
  crash: 'The query ended jq itself',
  suspended:
    'The query is suspended since it exceeded 1 s or 64 MiB for three records in a row; UpdateDestination lets it run again',
} satisfies Record<Exceeded | 'suspended', string>
