import type { Change } from '../../../engine/ports/engine.ts'
import { discarded } from '../../content/garbage.ts'
import { type CurrentDocument, type Documents, historyKey, objectKey } from '../../documents.ts'
import { nameOf } from '../damage.ts'
import type { StoredObject } from '../stored-object.ts'
import { NULL_VERSION, newVersionId, type Version } from '../version-id.ts'
import { type DeleteMarker, type History, isMarker, type KeptVersion, keptKey } from './kept-version.ts'
import { type Kept, type KeyState, keptAt, versionOf } from './key-state.ts'

/** Changes of one commit, and whom they leave nothing of. */
export interface VersionChanges {
  readonly changes: readonly Change[]
  /** As `Damage` names them. */
  readonly gone: readonly string[]
}

interface Adding {
  /** ms since 1970 */
  readonly now: number
  readonly newId: () => string
  /** The version whose id is `null`, where the new one is to be it, too. */
  readonly nullVersion: Kept | undefined
}

/** What comes to lie above all others of its key. */
export interface Added extends VersionChanges {
  readonly version: Version
  /** Of objects that it leaves nothing of. */
  readonly goneBytes: number
}

/** What a new version takes the place of: while a bucket makes no versions, the `null` one. */
export async function replacedBy(ports: Documents, state: KeyState): Promise<Kept | undefined> {
  const order = state.history.value?.nullVersion
  if (order === undefined || state.home.value.versioning === 'Enabled') return undefined
  return keptAt(ports, state.home.value.name, state.key, order)
}

/** The version that an object or a delete marker is to be now. */
function nextVersion({ home, lastOrder }: KeyState, { now, newId }: Adding): Version {
  const order = Math.max(Math.floor(now), lastOrder + 1)
  const id = home.value.versioning === 'Enabled' ? newVersionId(order, newId()) : NULL_VERSION
  return { id, order }
}

/** Makes `object` the key's object, and keeps what was it. */
export function objectAdded(state: KeyState, object: StoredObject, adding: Adding): Added {
  const version = nextVersion(state, adding)
  const { changes, gone, goneBytes, history } = superseded(state, version, adding)
  const { home, key, current } = state
  const document = objectKey(home.value.name, key)
  return {
    ...{ version, gone, goneBytes },
    changes: [
      { put: document, value: { ...object, version }, ...expecting(current.revision) },
      ...changes,
      ...historyChanges(state, history),
    ],
  }
}

/** Makes a delete marker the latest version: the key has no object then. */
export function markerAdded(state: KeyState, adding: Adding): Added {
  const version = nextVersion(state, adding)
  const { changes, gone, goneBytes, history } = superseded(state, version, adding)
  const { home, key } = state
  const lastModified = Math.floor(adding.now / 1000) * 1000
  const value: DeleteMarker = { isDeleteMarker: true, version, lastModified }
  const next: History = {
    ...history,
    count: history.count + 1,
    marker: version.order,
    ...(version.id === NULL_VERSION && { nullVersion: version.order }),
  }
  return {
    ...{ version, gone, goneBytes },
    changes: [
      objectGone(state),
      { put: keptKey(home.value.name, key, version.order), value, expect: 'absent' },
      ...changes,
      ...historyChanges(state, next),
    ],
  }
}

/** What was the latest version is so no more; the `null` version gives way to another. */
function superseded(state: KeyState, version: Version, { now, newId, nullVersion }: Adding) {
  const { home, key, current, marker } = state
  const bucket = home.value.name
  const changes: Change[] = []
  const gone: string[] = []
  let goneBytes = 0
  const isReplaced = (id: string) => version.id === NULL_VERSION && id === NULL_VERSION
  let history: History = withoutMarker(state.history.value ?? { count: 0 })
  const drop = (kept: Kept) => {
    changes.push(...droppedChanges(kept, newId))
    gone.push(nameOf(key, kept.value.version.id))
    if (!isMarker(kept.value)) goneBytes += kept.value.sizeBytes
    history = withoutVersion(history, kept.value.version)
  }
  if (current.value) {
    const was = versionOf(current.value)
    if (isReplaced(was.id)) {
      changes.push(...discarded(current.value.content, newId))
      gone.push(nameOf(key, was.id))
      goneBytes += current.value.sizeBytes
    } else {
      const value: KeptVersion = { ...current.value, version: was, noncurrentAt: now }
      changes.push({ put: keptKey(bucket, key, was.order), value })
      history = withVersion(history, was)
    }
  } else if (current.revision === undefined) gone.push(nameOf(key))
  if (marker && isReplaced(marker.value.version.id)) drop(marker)
  else if (marker)
    changes.push({
      put: marker.document,
      value: { ...marker.value, noncurrentAt: now },
      ...expecting(marker.revision),
    })
  if (nullVersion && nullVersion.document !== marker?.document) drop(nullVersion)
  return { changes, gone, goneBytes, history }
}

/** The changes that leave nothing of a version that is not the object. */
export const droppedChanges = ({ document, value, revision }: Kept, newId: () => string): Change[] => [
  deletion(document, revision),
  ...(isMarker(value) ? [] : discarded(value.content, newId)),
]

/** What is damaged is deleted as well, only not compared. */
export const deletion = (document: string, revision: CurrentDocument<unknown>['revision']): Change => ({
  delete: document,
  ...(typeof revision === 'number' && { expect: revision }),
})

export const expecting = (revision: CurrentDocument<unknown>['revision']) =>
  revision === undefined ? {} : { expect: revision }

/** No object is under the key from now on. */
export function objectGone({ home, key, current: { revision } }: KeyState): Change {
  const document = objectKey(home.value.name, key)
  return revision === 'absent' ? { check: document, expect: revision } : deletion(document, revision)
}

/** With them a commit finds the bucket, and all of the key, as they were. */
export function historyChanges({ home, key, history: { revision } }: KeyState, next: History): Change[] {
  const document = historyKey(home.value.name, key)
  const own: Change =
    next.count > 0
      ? { put: document, value: next, ...expecting(revision) }
      : revision === 'absent'
        ? { check: document, expect: revision }
        : deletion(document, revision)
  return [own, { check: home.key, expect: home.revision }]
}

export const withVersion = (history: History, { id, order }: Version): History => ({
  ...history,
  count: history.count + 1,
  ...(id === NULL_VERSION && { nullVersion: order }),
})

export function withoutVersion(history: History, { id }: Version): History {
  const { nullVersion: _, ...others } = history
  return { ...(id === NULL_VERSION ? others : history), count: history.count - 1 }
}

export function withoutMarker({ marker: _, ...history }: History): History {
  return history
}
