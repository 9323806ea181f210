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
  const order = versionId === NULL_VERSION ? history.value?.nullVersion : orderOf(versionId)
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

/** Leaves nothing of a version. What lay under the latest becomes the latest, and the object if it is one. */
export function versionRemoved(
  state: KeyState,
  { target, heir }: Removal,
  newId: () => string,
): VersionChanges {
  const { home, key, current } = state
  const isObject = 'current' in target
  const version = isObject
    ? versionOf(target.current)
    : 'kept' in target
      ? target.kept.value.version
      : target.version
  const before = state.history.value ?? { count: 0 }
  const { object, changes, history } = inherited(heir, isObject ? before : leftWithout(version, before))
  const document = objectKey(home.value.name, key)
  const { revision } = current
  const own: readonly Change[] = object
    ? [{ put: document, value: object, ...expecting(revision) }]
    : isObject
      ? [objectGone(state)]
      : revision === undefined
        ? []
        : [{ check: document, expect: revision }]
  return {
    gone: [nameOf(key, version.id)],
    changes: [...own, ...droppedOf(target, newId), ...changes, ...historyChanges(state, history)],
  }
}

const droppedOf = (target: Removal['target'], newId: () => string): readonly Change[] =>
  'current' in target
    ? discarded(target.current.content, newId)
    : 'kept' in target
      ? droppedChanges(target.kept, newId)
      : [{ delete: target.damaged }]

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
