import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { MetadataStore } from '../engine/ports/engine.ts'
import type { SecretBox } from '../engine/ports/secret-box.ts'
import { type Problems, unheardProblems } from '../metrics/problems.ts'
import { operationOf } from '../service/operation.ts'

export interface IamOptions {
  readonly metadata: MetadataStore
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  readonly secrets: SecretBox
  /** Where keys that cannot be used are said; nowhere if absent. */
  readonly problems?: Problems
}

/** What IAM's operations work with. */
export type Iam = Required<IamOptions>

export const operation = operationOf<Iam>()

export const createIam = (options: IamOptions): Iam => ({ problems: unheardProblems, ...options })
