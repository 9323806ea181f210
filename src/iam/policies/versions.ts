import { tooManyVersions, versionIsDefault, versionNotFound } from '../exceptions.ts'
import { type ManagedPolicy, versionOf } from './managed-policy.ts'

const MOST_VERSIONS = 5

/** Throws LimitExceeded. The new version is the last one. */
export function withVersion(
  policy: ManagedPolicy,
  { document, isDefault }: { readonly document: string; readonly isDefault: boolean },
  now: number,
): ManagedPolicy {
  if (policy.versions.length >= MOST_VERSIONS) throw tooManyVersions()
  const number = policy.lastVersion + 1
  return {
    ...policy,
    versions: [...policy.versions, { number, document, createdAt: now }],
    lastVersion: number,
    defaultVersion: isDefault ? number : policy.defaultVersion,
    updatedAt: isDefault ? now : policy.updatedAt,
  }
}

/** A version that is asked for by its policy's ARN. */
export interface VersionRef {
  readonly PolicyArn: string
  readonly VersionId: string
}

/** Throws NoSuchEntity. */
export function foundVersion(policy: ManagedPolicy, { PolicyArn, VersionId }: VersionRef) {
  const version = versionOf(policy, VersionId)
  if (!version) throw versionNotFound(PolicyArn, VersionId)
  return version
}

/** Throws NoSuchEntity, or DeleteConflict for the one that is in force. */
export function withoutVersion(policy: ManagedPolicy, ref: VersionRef): ManagedPolicy {
  const gone = foundVersion(policy, ref)
  if (gone.number === policy.defaultVersion) throw versionIsDefault()
  return { ...policy, versions: policy.versions.filter((version) => version !== gone) }
}

/** Throws NoSuchEntity. */
export const withDefault = (policy: ManagedPolicy, ref: VersionRef, now: number): ManagedPolicy => ({
  ...policy,
  defaultVersion: foundVersion(policy, ref).number,
  updatedAt: now,
})
