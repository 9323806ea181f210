import type { Problems } from '../../metrics/problems.ts'
import type { Job } from '../job.ts'
import { MOST_IN_A_ROW } from './judging.ts'

/** How the user's program of a version of a job has fared; durable with the stage's positions. */
export interface Exceeding {
  readonly version: number
  /** The last records, so many, for which it exceeded its bounds. */
  readonly inARow: number
  /** When that became too many. */
  readonly suspendedAt?: number
}

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
