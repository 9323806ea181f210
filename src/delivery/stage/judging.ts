import type { Judging, Verdict } from '../step.ts'
import { createVerdicts, MOST_IN_A_ROW, type Verdicts, verdictsBy } from './verdicts.ts'

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
