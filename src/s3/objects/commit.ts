import { type BlobStore, type Change, isEngineError } from '../../engine/ports/engine.ts'
import { inPortions, untilCommitted } from '../../engine/ports/update.ts'
import { free } from '../../service/memory/free.ts'
import { type Bucket, openBucket } from '../buckets/bucket.ts'
import type { Content } from '../content/content.ts'
import { type Collector, discarded } from '../content/garbage.ts'
import { type CurrentDocument, currentDocument, type Documents, objectKey } from '../documents.ts'
import { conditionalRequestConflict, internalError, noSuchKey, preconditionFailed } from '../exceptions.ts'
import type { Tag } from '../tags.ts'
import type { Damage } from './damage.ts'
import { type Finding, requireObject } from './found.ts'
import { unmetByWrite, type WriteConditions } from './precondition.ts'
import { objectDocument, type StoredObject } from './stored-object.ts'

export type CurrentObject = CurrentDocument<StoredObject>

export interface ObjectCommit {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
  readonly conditions: WriteConditions
  /** What must happen together with it. */
  readonly also: readonly Change[]
  /** Of the parts that it is made of, which are no upload's any more. */
  readonly partsBytes?: number
}

/** What it takes to put objects and to delete them. */
export interface Committing extends Documents {
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly damage: Pick<Damage, 'gone'>
  readonly collector: Pick<Collector, 'wake'>
  readonly newId: () => string
  /** Throws QuotaExceeded. */
  readonly admitToBucket: (
    bucket: Bucket,
    growth: { readonly bytes: number; readonly lessBytes: number },
  ) => Promise<void>
}

/**
 * Makes an object visible, whole, by one commit in which its conditions hold, its bucket exists and what it replaces
 * is given back. Rejects with NoSuchBucket, NoSuchKey, PreconditionFailed; with Conflict when `also` does not hold.
 */
export async function commitObject(ports: Committing, commit: ObjectCommit): Promise<void> {
  await ports.metadata.commit(await objectChanges(ports, commit))
  ports.damage.gone(commit.bucket, [commit.key])
  ports.collector.wake()
}

/** What commitObject commits, for who commits more together with it. */
export async function objectChanges(
  ports: Committing,
  { bucket, key, object, conditions, also, partsBytes = 0 }: ObjectCommit,
): Promise<readonly Change[]> {
  const document = objectKey(bucket, key)
  const home = await openBucket(ports, bucket)
  const current = await currentDocument(ports.metadata, objectDocument, document)
  checkWrite(conditions, key, current)
  checkUnchanged(conditions, key, current.revision)
  const lessBytes = partsBytes + (current.value?.sizeBytes ?? 0)
  await ports.admitToBucket(home.value, { bytes: object.sizeBytes, lessBytes })
  return [
    { put: document, value: object, ...(current.revision !== undefined && { expect: current.revision }) },
    { check: home.key, expect: home.revision },
    ...also,
    ...discarded(current.value?.content, ports.newId),
  ]
}

/** Before bytes are taken in that a quota would not let in: as `commitObject` will refuse them, too. */
export async function admitObject(
  { metadata, admitToBucket }: Pick<Committing, 'metadata' | 'admitToBucket'>,
  bucket: Bucket,
  key: string,
  bytes: number,
): Promise<void> {
  if (bucket.quotaBytes === undefined) return
  const { value } = await currentDocument(metadata, objectDocument, objectKey(bucket.name, key))
  await admitToBucket(bucket, { bytes, lessBytes: value?.sizeBytes ?? 0 })
}

/**
 * As `commitObject`, again until nobody was faster; a blob that no commit took is given back, and so is the memory of
 * the bytes in `also`.
 */
export async function putStoredObject(ports: Committing, put: ObjectCommit): Promise<void> {
  await givingBack(ports, put.object.content, () => untilCommitted(() => commitObject(ports, put)))
  for (const change of put.also) if ('put' in change && change.value instanceof Uint8Array) free(change.value)
}

/**
 * Deletes the blob of `content` when the commit that was to name it is refused. One of which nobody knows whether it was
 * keeps its blob: it may be named by now.
 */
export async function givingBack<T>(
  { blobs }: Pick<Committing, 'blobs'>,
  content: Content,
  commit: () => Promise<T>,
): Promise<T> {
  try {
    return await commit()
  } catch (error) {
    if (content.in === 'blob' && !isEngineError(error, 'Unavailable')) await blobs.delete(content.id)
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

/** A key's object, and what it is given back by. */
const CHANGES_PER_DELETION = 2

/** Deletes those of `keys` that are there and that `check` lets go, as many in one commit as the engine takes. */
export async function deleteObjects(
  ports: Committing,
  bucket: string,
  keys: readonly string[],
  check: (key: string, current: CurrentObject) => boolean,
): Promise<void> {
  const most = Math.floor(ports.metadata.limits.changes / CHANGES_PER_DELETION)
  for (const portion of inPortions([...new Set(keys)], most)) {
    const deleted = await untilCommitted(() => deletePortion(ports, bucket, portion, check))
    ports.damage.gone(bucket, deleted)
  }
  ports.collector.wake()
}

async function deletePortion(
  ports: Committing,
  bucket: string,
  keys: readonly string[],
  check: (key: string, current: CurrentObject) => boolean,
): Promise<string[]> {
  const changes: Change[] = []
  const deleted: string[] = []
  for (const key of keys) {
    const document = objectKey(bucket, key)
    const current = await currentDocument(ports.metadata, objectDocument, document)
    const { value, revision } = current
    if (!check(key, current) || revision === 'absent') continue
    deleted.push(key)
    changes.push({ delete: document, ...(revision !== undefined && { expect: revision }) })
    changes.push(...discarded(value?.content, ports.newId))
  }
  if (changes.length > 0) await ports.metadata.commit(changes)
  return deleted
}

/** Replaces an object's tags; its ETag and time stay. */
export const putTags = (
  ports: Finding,
  { Bucket: bucket, Key: key }: { readonly Bucket: string; readonly Key: string },
  tags: readonly Tag[],
): Promise<unknown> =>
  untilCommitted(async () => {
    const object = await requireObject(ports, bucket, key)
    const value: StoredObject = { ...object.value, tags }
    return ports.metadata.commit([{ put: object.key, value, expect: object.revision }])
  })
