import { maybe, named, number, shape, text, list as versionsOf } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Tags } from '../tagging.ts'

/** A version of a managed policy; its id is `v` and its number. */
export interface Version {
  readonly number: number
  readonly document: string
  readonly createdAt: number
}

/** A policy that can be attached to any number of users and roles. */
export interface ManagedPolicy {
  readonly name: string
  readonly path: string
  /** ANPA… */
  readonly id: string
  readonly partition: string
  readonly description?: string
  readonly tags?: Tags
  readonly createdAt: number
  readonly updatedAt: number
  /** The oldest first: five at most. */
  readonly versions: readonly Version[]
  readonly defaultVersion: number
  /** No later one gets the number of one that was deleted. */
  readonly lastVersion: number
  /** How many users and roles it is attached to; in one commit with the attachment. */
  readonly attachments: number
  /** How many it is the permissions boundary of. */
  readonly boundaries: number
}

export const policyDocument = document<ManagedPolicy>({
  keys: 'iam/policy/',
  version: 1,
  check: shape<ManagedPolicy>({
    ...{
      name: text,
      path: text,
      id: text,
      partition: text,
      description: maybe(text),
      tags: maybe(named(text)),
    },
    ...{ createdAt: number, updatedAt: number, defaultVersion: number, lastVersion: number },
    versions: versionsOf(shape<Version>({ number, document: text, createdAt: number })),
    ...{ attachments: number, boundaries: number },
  }),
})

export const policiesPrefix = (account: string) => `${policyDocument.keys}${account}/`

export const policyKey = (account: string, name: string) => policiesPrefix(account) + name.toLowerCase()

export const versionIdOf = (number: number): string => `v${number}`

/** Undefined where there is none. */
export const versionOf = ({ versions }: ManagedPolicy, versionId: string): Version | undefined =>
  versions.find(({ number }) => versionIdOf(number) === versionId)

export const defaultDocumentOf = (policy: ManagedPolicy): string =>
  versionOf(policy, versionIdOf(policy.defaultVersion))!.document
