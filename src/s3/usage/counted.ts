import type { DocumentKind } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { partDocument } from '../content/part.ts'
import { everyObjectPrefix, everyPartPrefix, everyUploadPrefix, everyVersionPrefix } from '../documents.ts'
import { uploadDocument } from '../multipart-upload.ts'
import { objectDocument } from '../objects/stored-object.ts'
import { isMarker, versionDocument } from '../objects/versions/kept-version.ts'
import type { Tallies } from './tallies.ts'

/** A kind of document that has a say in what buckets hold. */
export interface Counted {
  readonly prefix: string
  /** How many bytes one is of; 0 for what only says where others belong. */
  readonly sizeOf: (metadata: MetadataStore, key: string) => Promise<number | undefined>
  readonly list: (metadata: MetadataStore, after: string, limit: number) => Promise<readonly Sized[]>
  /** Bytes; undefined: there is none. */
  readonly change: (
    tallies: Tallies,
    key: string,
    before: number | undefined,
    after: number | undefined,
  ) => void
}

export interface Sized {
  readonly key: string
  readonly sizeBytes: number
}

/** Uploads before parts, which belong to them; a bucket's objects last. */
export const COUNTED: readonly Counted[] = [
  counted(uploadDocument, everyUploadPrefix, () => 0, changeUpload),
  counted(
    partDocument,
    everyPartPrefix,
    ({ sizeBytes }) => sizeBytes,
    (tallies, key, before, after) =>
      tallies.part(key.slice(everyPartPrefix.length, key.lastIndexOf('/')), before, after),
  ),
  // A delete marker is one more, of no bytes.
  counted(
    versionDocument,
    everyVersionPrefix,
    (version) => (isMarker(version) ? 0 : version.sizeBytes),
    (tallies, key, before, after) => tallies.object(bucketOf(key, everyVersionPrefix), before, after),
  ),
  counted(
    objectDocument,
    everyObjectPrefix,
    ({ sizeBytes }) => sizeBytes,
    (tallies, key, before, after) => tallies.object(bucketOf(key, everyObjectPrefix), before, after),
  ),
]

export const bucketOf = (key: string, prefix: string): string =>
  key.slice(prefix.length, key.indexOf('\0', prefix.length))

function changeUpload(
  tallies: Tallies,
  key: string,
  _before: number | undefined,
  after: number | undefined,
): void {
  const id = key.slice(key.lastIndexOf('\0') + 1)
  if (after === undefined) tallies.ended(id)
  else tallies.began(id, bucketOf(key, everyUploadPrefix))
}

function counted<T>(
  kind: DocumentKind<T>,
  prefix: string,
  sizeOf: (value: T) => number,
  change: Counted['change'],
): Counted {
  return {
    prefix,
    change,
    /** Of a damaged one nobody knows: it was not counted either. */
    async sizeOf(metadata, key) {
      const document = await kind.getUndamaged(metadata, key)
      return document && sizeOf(document.value)
    },
    async list(metadata, after, limit) {
      const page = await kind.list(metadata, { prefix, after, limit, damaged: 'left out' })
      return page.map(({ key, value }) => ({ key, sizeBytes: sizeOf(value) }))
    },
  }
}
