import type { LifecycleRule } from '../buckets/lifecycle.ts'
import { isMarkerDue, noncurrentExpiryOf } from '../buckets/noncurrent-expiry.ts'
import { versionsPrefix } from '../documents.ts'
import { byLifecycle } from '../notifications/cause.ts'
import type { CurrentObject } from '../objects/commit.ts'
import { deleteObjects, type Target } from '../objects/delete.ts'
import { isMarker, type KeptVersion, keyOfPlace } from '../objects/versions/kept-version.ts'
import { type KeyState, versionOf } from '../objects/versions/key-state.ts'
import type { S3 } from '../s3.ts'

type KeptPage = readonly { readonly key: string; readonly value: KeptVersion }[]

/**
 * What rules say of versions that are not the object: old ones go, and delete markers with nothing under them. The pages
 * come in order, so that a key's noncurrent versions are counted from the newest on.
 */
export function expiringVersions(s3: S3, bucket: string) {
  const home = versionsPrefix(bucket)
  const newer = countingNewer()
  return async (rules: readonly LifecycleRule[], page: KeptPage): Promise<void> => {
    const now = s3.clock.now()
    const versions: Due[] = []
    const markers: Due[] = []
    for (const { key: document, value } of page) {
      const key = keyOfPlace(document.slice(home.length))
      const { version, lastModified, noncurrentAt } = value
      const due = { key, versionId: version.id, lastModified }
      if (noncurrentAt === undefined) {
        if (isMarkerDue(rules, { key, lastModified }, now)) markers.push(due)
        continue
      }
      const expiresAt = noncurrentExpiryOf(rules, {
        ...subjectOf(key, value),
        noncurrentAt,
        newer: newer(key),
      })
      if (expiresAt !== undefined && expiresAt <= now) versions.push(due)
    }
    const cause = byLifecycle(s3)
    if (versions.length > 0) await deleteObjects(s3, { bucket, targets: versions, cause, mayGo: isAsItWas })
    if (markers.length > 0) await deleteObjects(s3, { bucket, targets: markers, cause, mayGo: isAlone })
  }
}

interface Due extends Target {
  readonly versionId: string
  readonly lastModified: number
}

/** It is noncurrent still; and a `null` version is not another that was put in its place. */
function isAsItWas(
  { versionId, lastModified }: Due,
  { value, revision }: CurrentObject,
  state: KeyState | undefined,
): boolean {
  if (!state || revision === 'absent' || (value && value.lastModified !== lastModified)) return false
  const { current, marker } = state
  const latest = current.value ? versionOf(current.value) : marker?.value.version
  return latest?.id !== versionId
}

/** It is the latest version still, and the only one. */
const isAlone = ({ versionId }: Due, _: CurrentObject, state: KeyState | undefined): boolean =>
  state?.history.value?.count === 1 && state.marker?.value.version.id === versionId

/** A delete marker has neither bytes nor tags. */
const subjectOf = (key: string, kept: KeptVersion) =>
  isMarker(kept) ? { key, sizeBytes: 0, tags: [] } : { key, sizeBytes: kept.sizeBytes, tags: kept.tags }

/** How many of a key have been seen before. */
function countingNewer(): (key: string) => number {
  let last: string | undefined
  let seen = 0
  return (key) => {
    seen = key === last ? seen + 1 : 0
    last = key
    return seen
  }
}
