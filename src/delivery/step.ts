import type { Origin } from './reading/log-range.ts'

/** A record, or what processors have made of a part of it. */
export interface Part {
  readonly origin: Origin
  readonly arrivalTime: number
  readonly data: Uint8Array
  /** Where it is stored, as its record was. */
  readonly encrypted: boolean
}

/** AWS's error-output-type for what its processing could not deliver. */
export const PROCESSING_FAILED = 'processing-failed'

/** Why a record goes to the errors instead. */
export interface Trouble {
  readonly errorOutputType: string
  readonly errorCode: string
  readonly failure: string
}

/** One processor at work, with its parameters. */
export type Step = StepOfOne | StepOfMany

/** It makes any number of records of one. */
export interface StepOfOne {
  readonly takes: 'one'
  run(part: Part, context: RunContext): Promise<Pieces | Trouble>
}

/** It is given many at once, because asking is what costs, and says of each, in their order, what became of it. */
export interface StepOfMany {
  readonly takes: 'many'
  run(parts: readonly Part[], context: RunContext): Promise<readonly Made[]>
}

export interface Pieces {
  readonly data: readonly Uint8Array[]
}

/** What a part becomes: other data, one of the partition of these keys, or trouble. */
export type Made = { readonly data: Uint8Array } | { readonly keys: Keys } | Trouble
export type Keys = Readonly<Record<string, string>>

/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html */
export const partitioningFailed = (code: string, failure: string): Trouble => ({
  errorOutputType: PROCESSING_FAILED,
  errorCode: `DynamicPartitioning.${code}`,
  failure,
})

export interface RunContext {
  /** When the batch was begun: the same when it is repeated. */
  readonly now: number
  /** Of what could come out otherwise another time. */
  readonly judging: Judging
  /** Ends it all. */
  readonly signal: AbortSignal
}

/** What a user's program exceeded for a record; `crash`: what runs it came to grief. */
export const EXCEEDED = ['time', 'memory', 'crash'] as const
export type Exceeded = (typeof EXCEEDED)[number]
export type Verdict = Exceeded | 'suspended'

/** Decides of the records of one batch whether a user's program is asked, and what it means when that exceeds its bounds. */
export interface Judging {
  /** The batch had its answers before: it gets them again also where the machine is slow now. */
  readonly isPatient: boolean
  /** What is decided of a record already; undefined: the program is asked. */
  verdictOf(origin: Origin): Verdict | undefined
  /** Told of the program's answers in their order, `flaw`: it was not asked; false: it is not asked any more. */
  goesOn(answer: object): boolean
  /** Told of a record for which the program exceeded its bounds, or was not asked any more. */
  decide(origin: Origin, verdict: Verdict): void
}
