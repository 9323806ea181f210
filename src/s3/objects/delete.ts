import type { Change, Document } from '../../engine/ports/engine.ts'
import { inPortions, untilCommitted } from '../../engine/ports/update.ts'
import { type Bucket, findBucket, openBucket } from '../buckets/bucket.ts'
import { discarded } from '../content/garbage.ts'
import { currentDocument, objectKey } from '../documents.ts'
import type { Doer } from '../notifications/cause.ts'
import type { Committing, CurrentObject } from './commit.ts'
import { nameOf } from './damage.ts'
import { objectDocument } from './stored-object.ts'
import { mayBeVersion } from './version-id.ts'
import { markerAdded, replacedBy, type VersionChanges } from './versions/added.ts'
import { isMarker } from './versions/kept-version.ts'
import { type KeyState, keyState } from './versions/key-state.ts'
import { type Removal, removalOf, versionRemoved } from './versions/removed.ts'

/** What is to be deleted: a key's object, or one version. */
export interface Target {
  readonly key: string
  readonly versionId?: string | undefined
}

/** What became of a target in a bucket with versions. */
export interface Deletion {
  /** Of the delete marker that was made, or of the version that is not there any more. */
  readonly versionId?: string
  /** That version is a delete marker. */
  readonly isMarker?: boolean
}

/** What is to be deleted, and whether it may be: asked again whenever somebody was faster. */
interface Deleting<T extends Target> {
  readonly bucket: string
  readonly targets: readonly T[]
  /** What is told of it to those who are notified. */
  readonly cause: { readonly kind: 'ObjectRemoved' | 'LifecycleExpiration'; readonly by: Doer }
  /** `current` is a delete marker's where it has no value and is not absent. May throw. */
  readonly mayGo: (target: T, current: CurrentObject, state?: KeyState) => boolean
}

/** A key's object, what it is given back by, and who is told of it. */
const CHANGES_PER_DELETION = 3
/** The bucket, which has to be what it was. */
const CHANGES_PER_COMMIT = 1
/** Keys whose versions are deleted side by side. */
const KEYS_AT_ONCE = 32

/**
 * Deletes those targets that are there and that may go. In a bucket without versions, as many in one commit as the engine
 * takes; in one with versions a delete marker comes to lie above what is not named by version. Resolves with what was done,
 * and rejects with NoSuchBucket.
 */
export async function deleteObjects<T extends Target>(
  ports: Committing,
  deleting: Deleting<T>,
): Promise<ReadonlyMap<T, Deletion>> {
  const done = new Map<T, Deletion>()
  const { bucket, targets } = deleting
  const most = Math.floor((ports.metadata.limits.changes - CHANGES_PER_COMMIT) / CHANGES_PER_DELETION)
  for (const portion of inPortions(targets, most)) {
    const deletePortion = async () => {
      const home = await findBucket(ports, bucket)
      if (home.value.versioning) return undefined
      return await deleteTogether(ports, home, { ...deleting, targets: portion })
    }
    const deleted = await untilCommitted(deletePortion)
    if (!deleted) await deleteVersions(ports, { ...deleting, targets: portion }, done)
    for (const target of deleted ?? []) done.set(target, {})
  }
  ports.collector.wake()
  return done
}

/** Where there are no versions: resolves with those that are gone, or were never there. */
async function deleteTogether<T extends Target>(
  ports: Committing,
  home: Document<Bucket>,
  { bucket, targets, mayGo, cause: { kind, by } }: Deleting<T>,
): Promise<readonly T[]> {
  const changes: Change[] = []
  const gone = new Set<string>()
  const deleted: T[] = []
  for (const target of targets) {
    const document = objectKey(bucket, target.key)
    const current = await currentDocument(ports.metadata, objectDocument, document)
    const { value, revision } = current
    if (!mayGo(target, current) || !mayBeVersion({}, target.versionId)) continue
    deleted.push(target)
    if (revision === 'absent' || gone.has(target.key)) continue
    gone.add(target.key)
    changes.push({ delete: document, ...(revision !== undefined && { expect: revision }) })
    changes.push(...discarded(value?.content, ports.newId))
    changes.push(...ports.outbox.owed(home.value, { event: `${kind}:Delete`, by }, { key: target.key }))
  }
  if (changes.length > 0)
    await ports.metadata.commit([{ check: home.key, expect: home.revision }, ...changes])
  ports.damage.gone(
    bucket,
    [...gone].map((key) => nameOf(key)),
  )
  return deleted
}

/** Several of one key one after another. */
async function deleteVersions<T extends Target>(
  ports: Committing,
  deleting: Deleting<T>,
  done: Map<T, Deletion>,
): Promise<void> {
  const byKey = Map.groupBy(deleting.targets, ({ key }) => key)
  for (const keys of inPortions([...byKey.values()], KEYS_AT_ONCE))
    await Promise.all(
      keys.map(async (targets) => {
        for (const target of targets) {
          const deletion = await untilCommitted(() => deleteVersion(ports, deleting, target))
          if (deletion) done.set(target, deletion)
        }
      }),
    )
}

async function deleteVersion<T extends Target>(
  ports: Committing,
  { bucket, mayGo, cause: { kind, by } }: Deleting<T>,
  target: T,
): Promise<Deletion | undefined> {
  const state = await keyState(ports, await openBucket(ports, bucket), target.key)
  const { versionId } = target
  const { newId } = ports
  if (versionId === undefined) {
    if (!mayGo(target, state.current, state)) return undefined
    const now = ports.nowSecond()
    const added = markerAdded(state, { now, newId, nullVersion: await replacedBy(ports, state) })
    const marker = { key: target.key, etag: ETAG_OF_NOTHING, versionId: added.version.id }
    const owed = ports.outbox.owed(state.home.value, { event: `${kind}:DeleteMarkerCreated`, by }, marker)
    await committed(ports, bucket, added, owed)
    return { versionId: added.version.id, isMarker: true }
  }
  const removal = await removalOf(ports, state, versionId)
  if (!mayGo(target, removal ? currentOf(state, removal) : NOTHING, state)) return undefined
  if (!removal) return { versionId }
  const gone = { key: target.key, versionId }
  const owed = ports.outbox.owed(state.home.value, { event: `${kind}:Delete`, by }, gone)
  await committed(ports, bucket, versionRemoved(state, removal, newId), owed)
  const isOfMarker = 'kept' in removal.target && isMarker(removal.target.kept.value)
  return { versionId, ...(isOfMarker && { isMarker: true }) }
}

/** AWS tells it of a delete marker. */
const ETAG_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'

const NOTHING: CurrentObject = { value: undefined, revision: 'absent' }

function currentOf({ current }: KeyState, { target }: Removal): CurrentObject {
  if ('current' in target) return current
  if (!('kept' in target)) return { value: undefined, revision: undefined }
  const { value, revision } = target.kept
  return { value: isMarker(value) ? undefined : value, revision }
}

async function committed(
  { metadata, damage }: Committing,
  bucket: string,
  { changes, gone }: VersionChanges,
  owed: readonly Change[],
): Promise<void> {
  await metadata.commit([...changes, ...owed])
  damage.gone(bucket, gone)
}
