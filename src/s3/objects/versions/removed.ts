import type { Change } from '../../../engine/ports/engine.ts'
import { discarded } from '../../content/garbage.ts'
import { currentDocument, type Documents, objectKey } from '../../documents.ts'
import { nameOf } from '../damage.ts'
import type { StoredObject } from '../stored-object.ts'
import { NULL_VERSION, orderOf, type Version } from '../version-id.ts'
import {
  deletion,
  droppedChanges,
  expecting,
  historyChanges,
  objectGone,
  type VersionChanges,
  withoutMarker,
  withoutVersion,
} from './added.ts'
import { type History, keptKey, versionDocument } from './kept-version.ts'
import { type Kept, type KeyState, keptVersions, versionOf } from './key-state.ts'

/** One version of a key, and the one that is the latest when it is gone. */
export interface Removal {
  readonly target:
    | { readonly current: StoredObject }
    | { readonly kept: Kept }
    /** What it was is not known, only where it lies. */
    | { readonly damaged: string; readonly version: Version }
    /** That is the key's object, or is no version of the key any more. */
    | { readonly damagedObject: Version['id'] }
  /** Of those that are not the object; undefined when there is none, or another is the latest. */
  readonly heir: Kept | undefined
}

/** Undefined when the key has no such version. */
export async function removalOf(
  ports: Documents,
  state: KeyState,
  versionId: string,
): Promise<Removal | undefined> {
  const { home, key, current, history } = state
  const bucket = home.value.name
  if (current.value && versionOf(current.value).id === versionId) {
    const [heir] = await keptVersions(ports, bucket, key, 1)
    return { target: { current: current.value }, heir }
  }
  if (mayBeDamagedObject(state, versionId)) {
    const [heir] = await keptVersions(ports, bucket, key, 1)
    return { target: { damagedObject: versionId }, heir }
  }
  const order = orderAmongKept(history.value, versionId)
  if (order === undefined) return undefined
  const document = keptKey(bucket, key, order)
  const { value, revision } = await currentDocument(ports.metadata, versionDocument, document)
  if (revision === 'absent' || (value && value.version.id !== versionId)) return undefined
  const target = value
    ? { kept: { document, value, revision } }
    : { damaged: document, version: { id: versionId, order } }
  if (order !== history.value?.marker) return { target, heir: undefined }
  const newest = await keptVersions(ports, bucket, key, 2)
  return { target, heir: newest.find((other) => other.document !== document) }
}

const orderAmongKept = (history: History | undefined, versionId: string): number | undefined =>
  versionId === NULL_VERSION ? history?.nullVersion : orderOf(versionId)

/** Nobody can read which version the damaged one is: one that lies above all others. */
function mayBeDamagedObject({ current, history, lastOrder }: KeyState, versionId: string): boolean {
  if (current.revision !== undefined) return false
  const order = orderAmongKept(history.value, versionId)
  return order === undefined ? versionId === NULL_VERSION : order >= lastOrder
}

/** Leaves nothing of a version. What lay under the latest becomes the latest, and the object if it is one. */
export function versionRemoved(
  state: KeyState,
  { target, heir }: Removal,
  newId: () => string,
): VersionChanges {
  const { home, key, current } = state
  const version = versionAt(target)
  const before = state.history.value ?? { count: 0 }
  const { object, changes, history } = inherited(heir, version ? leftWithout(version, before) : before)
  const document = objectKey(home.value.name, key)
  const { revision } = current
  const own: readonly Change[] = object
    ? [{ put: document, value: object, ...expecting(revision) }]
    : !version
      ? [objectGone(state)]
      : revision === undefined
        ? []
        : [{ check: document, expect: revision }]
  return {
    gone: goneNames(key, target),
    changes: [...own, ...droppedOf(target, newId), ...changes, ...historyChanges(state, history)],
  }
}

/** Undefined where it is the object, which no history counts. */
const versionAt = (target: Removal['target']): Version | undefined =>
  'kept' in target ? target.kept.value.version : 'damaged' in target ? target.version : undefined

function goneNames(key: string, target: Removal['target']): readonly string[] {
  if ('damagedObject' in target) return [nameOf(key), nameOf(key, target.damagedObject)]
  const version = 'current' in target ? versionOf(target.current) : versionAt(target)
  return [nameOf(key, version?.id)]
}

const droppedOf = (target: Removal['target'], newId: () => string): readonly Change[] =>
  'current' in target
    ? discarded(target.current.content, newId)
    : 'kept' in target
      ? droppedChanges(target.kept, newId)
      : 'damaged' in target
        ? [{ delete: target.damaged }]
        : []

function leftWithout(version: Version, before: History): History {
  const left = withoutVersion(before, version)
  return version.order === before.marker ? withoutMarker(left) : left
}

/** What becomes of the version that is the latest now. */
function inherited(heir: Kept | undefined, history: History): Inheritance {
  if (!heir) return { changes: [], history }
  const { document, value, revision } = heir
  const { noncurrentAt: _, ...latest } = value
  if ('isDeleteMarker' in latest)
    return {
      history: { ...history, marker: latest.version.order },
      changes: [{ put: document, value: latest, ...expecting(revision) }],
    }
  return {
    object: latest,
    history: withoutVersion(history, latest.version),
    changes: [deletion(document, revision)],
  }
}

interface Inheritance {
  readonly object?: StoredObject
  readonly changes: readonly Change[]
  readonly history: History
}
