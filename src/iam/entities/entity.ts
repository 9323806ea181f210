import { maybe, named, number, shape, text, list as textsOf } from '../../engine/ports/checks.ts'
import { type DocumentKind, document } from '../../engine/ports/document.ts'
import type { EntityWord } from '../exceptions.ts'

/** What users and roles have alike. */
export interface Entity {
  /** As it was given at first; told from others without its case. */
  readonly name: string
  /** `/` or `/…/`. */
  readonly path: string
  /** AIDA… or AROA…: of this one, and of no later one of its name. */
  readonly id: string
  readonly partition: string
  readonly createdAt: number
  readonly tags?: Readonly<Record<string, string>>
  /** Inline policies by their names. */
  readonly policies?: Readonly<Record<string, string>>
  /** The ARNs of managed policies, in the order in which they were attached. */
  readonly attached?: readonly string[]
  /** The ARN of the managed policy that is the permissions boundary. */
  readonly boundary?: string
}

export interface User extends Entity {
  /** Their ids. */
  readonly accessKeys?: readonly string[]
}

export interface Role extends Entity {
  /** Who may assume it: a policy document. */
  readonly trust: string
  readonly description?: string
  readonly maxSessionDurationSeconds: number
}

const entityMembers = {
  ...{ name: text, path: text, id: text, partition: text, createdAt: number },
  ...{ tags: maybe(named(text)), policies: maybe(named(text)), attached: maybe(textsOf(text)) },
  boundary: maybe(text),
}

export const userDocument = document<User>({
  keys: 'iam/user/',
  version: 1,
  check: shape<User>({ ...entityMembers, accessKeys: maybe(textsOf(text)) }),
})

export const roleDocument = document<Role>({
  keys: 'iam/role/',
  version: 1,
  check: shape<Role>({
    ...entityMembers,
    ...{ trust: text, description: maybe(text), maxSessionDurationSeconds: number },
  }),
})

/** A kind of entity, and AWS's quotas for it. */
export interface EntityKind<E extends Entity> {
  readonly word: EntityWord
  readonly document: DocumentKind<E>
  readonly quotas: {
    readonly perAccount: readonly [name: string, most: number]
    readonly attachedPolicies: readonly [name: string, most: number]
    /** Characters but for white space, of all of one entity together. */
    readonly inlinePolicies: number
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const users: EntityKind<User> = {
  word: 'user',
  document: userDocument,
  quotas: {
    perAccount: ['UsersPerAccount', 5_000],
    attachedPolicies: ['PoliciesPerUser', 10],
    inlinePolicies: 2_048,
  },
}
export const roles: EntityKind<Role> = {
  word: 'role',
  document: roleDocument,
  quotas: {
    perAccount: ['RolesPerAccount', 1_000],
    attachedPolicies: ['PoliciesPerRole', 10],
    inlinePolicies: 10_240,
  },
}

interface Stored {
  readonly document: { readonly keys: string }
}

/** Where an account's entities lie. */
export const prefixOf = ({ document }: Stored, account: string) => `${document.keys}${account}/`

export const entityKey = (kind: Stored, { account, name }: EntityRef) =>
  prefixOf(kind, account) + name.toLowerCase()

export interface EntityRef {
  readonly account: string
  readonly name: string
}
