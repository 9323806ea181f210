import type { Principal } from '../service/principal.ts'

/** An access key, and whom it stands for. */
export interface Credential {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Temporary keys only: the request must carry it. */
  readonly sessionToken?: string
  /** Temporary keys only: ms since 1970, on the machine's time. */
  readonly expiresAt?: number
  /** An inactive key is nobody's. */
  readonly isActive: boolean
  readonly principal: Principal
}

/** All that a principal is given: policy documents as they are stored, JSON texts. */
export interface PrincipalPolicies {
  readonly identity: readonly string[]
  /** What its session may do at most; everything if absent. */
  readonly session?: readonly string[]
  /** What it may be given at most; everything if absent. */
  readonly boundary?: string
  /** What `aws:PrincipalTag/…` says of it. */
  readonly tags?: Readonly<Record<string, string>>
  /** A session's role, with the path, which the session's own ARN has not. */
  readonly roleArn?: string | undefined
  /** Temporary keys only: when they were made, ms since 1970. */
  readonly issuedAt?: number
}

/** Stands for what is not there any more, and might have denied anything. */
export const DENIES_ALL =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}'

/** Of one who is gone: what a resource's policy grants to the name is not theirs any more either. */
export const OF_NOBODY: PrincipalPolicies = { identity: [DENIES_ALL] }

/** What a service may do when it assumes the role, and who may: policy documents as they are stored. */
export interface Role {
  /** AROA…. */
  readonly roleId: string
  readonly policies: readonly string[]
  readonly boundary?: string
  readonly trust: string
  readonly tags?: Readonly<Record<string, string>>
}

/** Where roles are looked up. */
export interface Roles {
  /** Current, at every call. */
  roleOf(roleArn: string): Role | undefined | Promise<Role | undefined>
}

/** Where keys are looked up, of whatever origin: a key file, IAM's users, STS's sessions. */
export interface Credentials {
  /** At once where it can be: a request waits for it. */
  find(accessKeyId: string): Credential | undefined | Promise<Credential | undefined>
  /** Current ones, at every call: what is taken away counts from the next request. */
  policiesOf(principal: Principal): PrincipalPolicies | Promise<PrincipalPolicies>
}
