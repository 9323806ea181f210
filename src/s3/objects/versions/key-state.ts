import type { Document } from '../../../engine/ports/engine.ts'
import type { Bucket } from '../../buckets/bucket.ts'
import {
  type CurrentDocument,
  currentDocument,
  type Documents,
  historyKey,
  objectKey,
} from '../../documents.ts'
import { objectDocument, type StoredObject } from '../stored-object.ts'
import { FIRST_VERSION, type Version } from '../version-id.ts'
import {
  type DeleteMarker,
  type History,
  historyDocument,
  isMarker,
  type KeptVersion,
  keptKey,
  keptOfKey,
  versionDocument,
} from './kept-version.ts'

/** A key of a bucket with versions, as a commit that changes it must find it again. */
export interface KeyState {
  readonly home: Document<Bucket>
  readonly key: string
  /** The object, unless the latest version is a delete marker. */
  readonly current: CurrentDocument<StoredObject>
  readonly history: CurrentDocument<History>
  /** The latest version, where it is one. */
  readonly marker: Kept<DeleteMarker> | undefined
  /** No version of the key has a higher one. */
  readonly lastOrder: number
}

/** Where a version lies that is not the object, and what is there. */
export interface Kept<V extends KeptVersion = KeptVersion> {
  readonly document: string
  readonly value: V
  readonly revision: CurrentDocument<V>['revision']
}

export const versionOf = ({ version = FIRST_VERSION }: Pick<StoredObject, 'version'>): Version => version

/** Of a bucket that is open. */
export async function keyState(ports: Documents, home: Document<Bucket>, key: string): Promise<KeyState> {
  const { metadata } = ports
  const bucket = home.value.name
  const current = await currentDocument(metadata, objectDocument, objectKey(bucket, key))
  const history = await historyOf(ports, bucket, key)
  const order = history.value?.marker
  const marker = order === undefined ? undefined : await keptAt(ports, bucket, key, order)
  return {
    ...{ home, key, current, history },
    marker: marker && isMarkerAt(marker) ? marker : undefined,
    lastOrder: order ?? (await orderOfObject(ports, bucket, key, current)),
  }
}

/** Of one that is damaged it is only known that it lies above all others. */
async function orderOfObject(
  ports: Documents,
  bucket: string,
  key: string,
  { value, revision }: KeyState['current'],
): Promise<number> {
  if (value) return versionOf(value).order
  if (revision !== undefined) return 0
  const [newest] = await keptVersions(ports, bucket, key, 1)
  return newest ? newest.value.version.order + 1 : 0
}

const isMarkerAt = (kept: Kept): kept is Kept<DeleteMarker> => isMarker(kept.value)

/** What a damaged document was to tell is told by the versions themselves. */
async function historyOf(ports: Documents, bucket: string, key: string): Promise<CurrentDocument<History>> {
  const found = await currentDocument(ports.metadata, historyDocument, historyKey(bucket, key))
  if (found.revision !== undefined) return found
  const all = await keptVersions(ports, bucket, key)
  const latest = all[0]?.value
  const nullVersion = all.find(({ value }) => value.version.id === FIRST_VERSION.id)?.value.version.order
  const value: History = {
    count: all.length,
    ...(latest && isMarker(latest) && latest.noncurrentAt === undefined && { marker: latest.version.order }),
    ...(nullVersion !== undefined && { nullVersion }),
  }
  return { value, revision: undefined }
}

/** Undefined when there is none; or when it is damaged, of which nothing can be told. */
export async function keptAt(
  { metadata }: Documents,
  bucket: string,
  key: string,
  order: number,
): Promise<Kept | undefined> {
  const document = keptKey(bucket, key, order)
  const { value, revision } = await currentDocument(metadata, versionDocument, document)
  return value && { document, value, revision }
}

/** The newest first; those that are damaged are left out. */
export async function keptVersions(
  { metadata }: Documents,
  bucket: string,
  key: string,
  limit?: number,
): Promise<readonly Kept[]> {
  const found = await versionDocument.list(metadata, {
    prefix: keptOfKey(bucket, key),
    damaged: 'left out',
    ...(limit !== undefined && { limit }),
  })
  return found.map(({ key: document, value, revision }) => ({ document, value, revision }))
}
