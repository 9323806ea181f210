import type { Change } from '../../engine/engine.ts'
import { untilCommitted } from '../../engine/update.ts'
import { free } from '../../service/free.ts'
import { openBucket } from '../buckets/bucket.ts'
import type { Content } from '../content/content.ts'
import { discarded } from '../content/garbage.ts'
import { type CurrentDocument, currentDocument } from '../current-document.ts'
import { objectKey } from '../documents.ts'
import { conditionalRequestConflict, internalError, noSuchKey, preconditionFailed } from '../exceptions.ts'
import type { S3 } from '../s3.ts'
import { type Conditions, unmetByWrite } from './precondition.ts'
import type { StoredObject } from './stored-object.ts'

export type CurrentObject = CurrentDocument<StoredObject>

export interface WriteConditions extends Pick<Conditions, 'ifMatch' | 'ifNoneMatch'> {
  /** What the key held when the upload began that is now to be the object. */
  readonly since?: CurrentDocument<unknown>['revision']
}

export interface ObjectCommit {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
  readonly conditions: WriteConditions
  /** What must happen together with it. */
  readonly also: readonly Change[]
}

/**
 * Makes an object visible, whole, by one commit in which its conditions hold, its bucket exists and what it replaces
 * is given back. Rejects with NoSuchBucket, NoSuchKey, PreconditionFailed; with Conflict when `also` does not hold.
 */
export async function commitObject(s3: S3, commit: ObjectCommit): Promise<void> {
  await s3.metadata.commit(await objectChanges(s3, commit))
  s3.damage.gone(commit.bucket, [commit.key])
  s3.collector.wake()
}

/** What commitObject commits, for who commits more together with it. */
export async function objectChanges(
  s3: S3,
  { bucket, key, object, conditions, also }: ObjectCommit,
): Promise<readonly Change[]> {
  const document = objectKey(bucket, key)
  const home = await openBucket(s3, bucket)
  const current = await currentDocument<StoredObject>(s3.metadata, document)
  checkWrite(conditions, key, current)
  checkUnchanged(conditions, key, current.revision)
  return [
    { put: document, value: object, ...(current.revision !== undefined && { expect: current.revision }) },
    { check: home.key, expect: home.revision },
    ...also,
    ...discarded(current.value?.content, s3.newId),
  ]
}

/**
 * As `commitObject`, again until nobody was faster; a blob that no commit took is given back, and so is the memory of
 * the bytes in `also`.
 */
export async function putStoredObject(s3: S3, put: ObjectCommit): Promise<void> {
  await givingBack(s3, put.object.content, () => untilCommitted(() => commitObject(s3, put)))
  for (const change of put.also) if ('put' in change && change.value instanceof Uint8Array) free(change.value)
}

/** Deletes the blob of `content` when the commit that was to name it is refused. */
export async function givingBack<T>(s3: S3, content: Content, commit: () => Promise<T>): Promise<T> {
  try {
    return await commit()
  } catch (error) {
    if (content.in === 'blob') await s3.blobs.delete(content.id)
    throw error
  }
}

export function checkWrite(
  conditions: WriteConditions,
  key: string,
  { value, revision }: CurrentObject,
): void {
  if (revision === undefined && conditions.ifMatch !== undefined) throw internalError()
  const unmet =
    revision === undefined && conditions.ifNoneMatch !== undefined
      ? 'If-None-Match'
      : unmetByWrite(conditions, value)
  if (unmet === 'absent') throw noSuchKey(key)
  if (unmet) throw preconditionFailed(unmet)
}

/** A condition that holds is not enough for an upload while which its key was written or deleted. */
function checkUnchanged(
  { ifMatch, ifNoneMatch, since }: WriteConditions,
  key: string,
  now: CurrentObject['revision'],
): void {
  if (since === undefined || since === now) return
  if (ifMatch !== undefined) throw conditionalRequestConflict('If-Match', key)
  if (ifNoneMatch !== undefined) throw conditionalRequestConflict('If-None-Match', key)
}

/** Deletes those of `keys` that are there and that `check` lets go, all in one commit. */
export async function deleteObjects(
  s3: S3,
  bucket: string,
  keys: readonly string[],
  check: (key: string, current: CurrentObject) => boolean,
): Promise<void> {
  let deleted: string[] = []
  await untilCommitted(async () => {
    const changes: Change[] = []
    deleted = []
    for (const key of new Set(keys)) {
      const document = objectKey(bucket, key)
      const current = await currentDocument<StoredObject>(s3.metadata, document)
      const { value, revision } = current
      if (!check(key, current) || revision === 'absent') continue
      deleted.push(key)
      changes.push({ delete: document, ...(revision !== undefined && { expect: revision }) })
      changes.push(...discarded(value?.content, s3.newId))
    }
    if (changes.length > 0) await s3.metadata.commit(changes)
  })
  s3.damage.gone(bucket, deleted)
  s3.collector.wake()
}
