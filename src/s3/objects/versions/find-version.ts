import type { Document } from '../../../engine/ports/engine.ts'
import { currentDocument, type Documents, historyKey, objectKey } from '../../documents.ts'
import { objectDocument, type StoredObject } from '../stored-object.ts'
import { NULL_VERSION, orderOf } from '../version-id.ts'
import { type DeleteMarker, historyDocument, isMarker, keptKey, versionDocument } from './kept-version.ts'
import { versionOf } from './key-state.ts'

/** A version of a key as it lies in one document or another. */
export type FoundVersion =
  | { readonly object: Document<StoredObject> }
  | { readonly marker: DeleteMarker }
  | undefined

/** Reads it again where it was moved meanwhile, from under the object or to there. */
const ATTEMPTS = 3

/** An object that is damaged hides no other version, and is none. Rejects with Damaged when another one is. */
export async function findVersion(
  { metadata }: Documents,
  bucket: string,
  key: string,
  versionId: string,
): Promise<FoundVersion> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const document = objectKey(bucket, key)
    const { value, revision } = await currentDocument(metadata, objectDocument, document)
    if (value && typeof revision === 'number' && versionOf(value).id === versionId)
      return { object: { key: document, value, revision } }
    const order =
      versionId === NULL_VERSION
        ? (await historyDocument.getUndamaged(metadata, historyKey(bucket, key)))?.value.nullVersion
        : orderOf(versionId)
    if (order === undefined) continue
    const kept = await versionDocument.get(metadata, keptKey(bucket, key, order))
    if (kept?.value.version.id !== versionId) continue
    if (isMarker(kept.value)) return { marker: kept.value }
    return { object: { ...kept, value: kept.value } }
  }
  return undefined
}

/** The delete marker that is a key's latest version, if there is one. Not of a damaged one. */
export async function findLatestMarker(
  { metadata }: Documents,
  bucket: string,
  key: string,
): Promise<DeleteMarker | undefined> {
  const order = (await historyDocument.getUndamaged(metadata, historyKey(bucket, key)))?.value.marker
  if (order === undefined) return undefined
  const kept = await versionDocument.getUndamaged(metadata, keptKey(bucket, key, order))
  return kept && isMarker(kept.value) ? kept.value : undefined
}
