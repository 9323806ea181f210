import type { Step } from '../../delivery/step.ts'
import type { Programs } from '../programs/programs.ts'
import type { ParameterName } from './shapes.ts'

/** One kind of processor: what its parameters mean, and what it makes of records. `S`: what they set it to. */
export interface Processor<S = unknown> {
  /** AWS's name for it. */
  readonly type: string
  /** Under which what it is set to is kept with every batch that is begun: a batch is repeated as it was. */
  readonly member: string
  /** What is kept where it is not asked for; absent: nothing. */
  readonly unasked?: S
  /** Takes part only in dynamic partitioning. */
  readonly isOfPartitioning?: boolean
  /** The type without which it cannot be. */
  readonly needs?: string
  /** Throws InvalidArgumentException when it cannot work with these. */
  check?(given: GivenParameters): void
  /** What its parameters set it to; undefined: they leave it without work. */
  parameters(given: GivenParameters): S | undefined
  /** Throws InvalidArgumentException when what the user wrote for it is no program. */
  checkProgram?(settings: S, programs: Programs): Promise<void>
  /** Set so. Absent: what it is set to takes effect elsewhere. */
  run?(settings: S, programs: Programs): Step
}

export type GivenParameters = (name: ParameterName) => string | undefined
