import type { Credentials } from '../auth/credentials.ts'
import type { Random } from '../clock/random.ts'
import type { MetadataStore } from '../engine/ports/engine.ts'
import type { SecretBox } from '../engine/ports/secret-box.ts'
import { operationOf } from '../service/operation.ts'

/** What STS's operations work with. */
export interface Sts {
  readonly metadata: MetadataStore
  readonly random: Random
  readonly secrets: SecretBox
  /** The machine's time, ms since 1970, by which sessions expire: clients go by it too. */
  readonly machineNow: () => number
  readonly iam: IamView
}

/** What STS wants to know of IAM. */
export interface IamView extends Pick<Credentials, 'policiesOf'> {
  roleOf(arn: string): Promise<AssumableRole | undefined>
  /** The document of a managed policy that is in force; undefined where there is none. Throws for what is no ARN of one. */
  policyDocumentOf(account: string, arn: string): Promise<string | undefined>
}

export interface AssumableRole {
  /** AROA…. */
  readonly roleId: string
  /** Who may assume it: a policy document. */
  readonly trust: string
  readonly maxSessionDurationSeconds: number
}

export const operation = operationOf<Sts>()
