import { type BlobStore, type Change, type Document, isEngineError } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { free } from '../../service/memory/free.ts'
import { type Bucket, openBucket } from '../buckets/bucket.ts'
import type { Content } from '../content/content.ts'
import { type Collector, discarded } from '../content/garbage.ts'
import { type CurrentDocument, currentDocument, type Documents, objectKey } from '../documents.ts'
import { conditionalRequestConflict, internalError, noSuchKey, preconditionFailed } from '../exceptions.ts'
import type { Cause } from '../notifications/cause.ts'
import type { Outbox } from '../notifications/outbox.ts'
import { type Damage, nameOf } from './damage.ts'
import { unmetByWrite, type WriteConditions } from './precondition.ts'
import { eventObjectOf, objectDocument, type StoredObject } from './stored-object.ts'
import { NULL_VERSION, type Version } from './version-id.ts'
import { objectAdded, replacedBy, type VersionChanges } from './versions/added.ts'
import { findVersion } from './versions/find-version.ts'
import { keyState } from './versions/key-state.ts'

export type CurrentObject = CurrentDocument<StoredObject>

export interface ObjectCommit {
  readonly bucket: string
  readonly key: string
  readonly object: StoredObject
  readonly conditions: WriteConditions
  /** What is told of it to those who are notified. */
  readonly cause: Cause
  /** What must happen together with it. */
  readonly also: readonly Change[]
  /** Throws where the bucket, as it is when it takes the object, would not have begun to. */
  readonly checkBucket?: (bucket: Bucket) => void
  /** Of the parts that it is made of, which are no upload's any more. */
  readonly partsBytes?: number
}

/** What it takes to put objects and to delete them. */
export interface Committing extends Documents {
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly damage: Pick<Damage, 'gone'>
  readonly collector: Pick<Collector, 'wake'>
  readonly newId: () => string
  readonly outbox: Outbox
  /** Throws QuotaExceeded. */
  readonly admitToBucket: (
    bucket: Bucket,
    growth: { readonly bytes: number; readonly lessBytes: number },
  ) => Promise<void>
  /** As S3 tells time: ms since 1970 in whole seconds. */
  readonly nowSecond: () => number
}

/**
 * Makes an object visible, whole, by one commit in which its conditions hold, its bucket exists and what it replaces
 * is given back. Rejects with NoSuchBucket, NoSuchKey, PreconditionFailed; with Conflict when `also` does not hold.
 */
export async function commitObject(ports: Committing, commit: ObjectCommit): Promise<PutVersion> {
  const { changes, gone, version } = await objectChanges(ports, commit)
  await ports.metadata.commit(changes)
  ports.damage.gone(commit.bucket, gone)
  ports.collector.wake()
  return { version }
}

/** What answers say of it: no name while a bucket makes no versions. */
export const madeVersion = (version: Version | undefined): { readonly VersionId?: string } =>
  version === undefined || version.id === NULL_VERSION ? {} : { VersionId: version.id }

/** Which version an object became; undefined in a bucket that has none. */
export interface PutVersion {
  readonly version: Version | undefined
}

/** What commitObject commits, for who commits more together with it. */
export async function objectChanges(
  ports: Committing,
  commit: ObjectCommit,
): Promise<VersionChanges & PutVersion> {
  const { bucket, key, object, also, partsBytes = 0 } = commit
  const home = await openBucket(ports, bucket)
  commit.checkBucket?.(home.value)
  if (home.value.versioning) return await versionChanges(ports, home, commit)
  const document = objectKey(bucket, key)
  const current = await currentDocument(ports.metadata, objectDocument, document)
  checkConditions(commit, current)
  const lessBytes = partsBytes + (current.value?.sizeBytes ?? 0)
  await ports.admitToBucket(home.value, { bytes: object.sizeBytes, lessBytes })
  return {
    version: undefined,
    gone: [nameOf(key)],
    changes: [
      { put: document, value: object, ...(current.revision !== undefined && { expect: current.revision }) },
      { check: home.key, expect: home.revision },
      ...also,
      ...discarded(current.value?.content, ports.newId),
      ...ports.outbox.owed(home.value, commit.cause, eventObjectOf(key, object)),
    ],
  }
}

async function versionChanges(
  ports: Committing,
  home: Document<Bucket>,
  commit: ObjectCommit,
): Promise<VersionChanges & PutVersion> {
  const state = await keyState(ports, home, commit.key)
  checkConditions(commit, state.current)
  const nullVersion = await replacedBy(ports, state)
  const { object, also, partsBytes = 0 } = commit
  const added = objectAdded(state, object, { now: object.lastModified, newId: ports.newId, nullVersion })
  await ports.admitToBucket(home.value, {
    bytes: object.sizeBytes,
    lessBytes: partsBytes + added.goneBytes,
  })
  const told = eventObjectOf(commit.key, { ...object, version: added.version })
  const owed = ports.outbox.owed(home.value, commit.cause, told)
  return { ...added, changes: [...added.changes, ...also, ...owed] }
}

function checkConditions({ key, conditions }: ObjectCommit, current: CurrentObject): void {
  checkWrite(conditions, key, current)
  checkUnchanged(conditions, key, current.revision)
}

/** Before bytes are taken in that a quota would not let in: as `commitObject` will refuse them, too. */
export async function admitObject(
  { metadata, admitToBucket }: Pick<Committing, 'metadata' | 'admitToBucket'>,
  bucket: Bucket,
  key: string,
  bytes: number,
): Promise<void> {
  if (bucket.quotaBytes === undefined) return
  await admitToBucket(bucket, { bytes, lessBytes: await replacedBytes({ metadata }, bucket, key) })
}

/** Of what an object that is put now takes the place of: where nothing makes versions, of the `null` one, wherever it lies. */
async function replacedBytes(
  ports: Documents,
  { name, versioning }: Pick<Bucket, 'name' | 'versioning'>,
  key: string,
): Promise<number> {
  if (versioning === 'Enabled') return 0
  if (!versioning)
    return (await currentDocument(ports.metadata, objectDocument, objectKey(name, key))).value?.sizeBytes ?? 0
  const found = await findVersion(ports, name, key, NULL_VERSION).catch(unlessDamaged)
  return found && 'object' in found ? found.object.value.sizeBytes : 0
}

function unlessDamaged(error: unknown): undefined {
  if (!isEngineError(error, 'Damaged')) throw error
}

/**
 * As `commitObject`, again until nobody was faster; a blob that no commit took is given back, and so is the memory of
 * the bytes in `also`.
 */
export async function putStoredObject(ports: Committing, put: ObjectCommit): Promise<PutVersion> {
  const done = await givingBack(ports, put.object.content, () =>
    untilCommitted(() => commitObject(ports, put)),
  )
  for (const change of put.also) if ('put' in change && change.value instanceof Uint8Array) free(change.value)
  return done
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
