import type { DocumentKind } from '../engine/ports/document.ts'
import { isEngineError, type MetadataStore, type Revision } from '../engine/ports/engine.ts'

/**
 * Where S3's documents lie in the metadata store. Object keys stand last and unchanged, so that the store's order
 * of UTF-8 bytes is S3's; a bucket's name cannot hold the NUL that ends it.
 */
export const bucketsPrefix = 's3/b/'
export const bucketKey = (bucket: string) => bucketsPrefix + bucket

export const everyObjectPrefix = 's3/o/'
export const objectsPrefix = (bucket: string) => `${everyObjectPrefix}${bucket}\0`
export const objectKey = (bucket: string, key: string) => objectsPrefix(bucket) + key

/** The versions of keys but for those that are the keys' objects: older ones, and delete markers. */
export const everyVersionPrefix = 's3/v/'
export const versionsPrefix = (bucket: string) => `${everyVersionPrefix}${bucket}\0`
/** What is known of a key's versions that lie there. */
export const historiesPrefix = 's3/h/'
export const historyKey = (bucket: string, key: string) => `${historiesPrefix}${bucket}\0${key}`

/** The bytes of a small object or part. */
export const inlinePrefix = 's3/i/'
export const inlineKey = (id: string) => inlinePrefix + id
/** The pieces of an object that was uploaded in parts. */
export const piecesPrefix = 's3/m/'
export const piecesKey = (id: string) => piecesPrefix + id
/** Says that a blob is wanted: one without it is an orphan of a crash. */
export const wantedPrefix = 's3/x/'
export const wantedKey = (blob: string) => wantedPrefix + blob

export const everyUploadPrefix = 's3/u/'
export const uploadsPrefix = (bucket: string) => `${everyUploadPrefix}${bucket}\0`
export const uploadKey = (bucket: string, key: string, uploadId: string) =>
  `${uploadsPrefix(bucket)}${key}\0${uploadId}`
export const everyPartPrefix = 's3/p/'
export const partsPrefix = (uploadId: string) => `${everyPartPrefix}${uploadId}/`
export const partKey = (uploadId: string, partNumber: number) =>
  partsPrefix(uploadId) + String(partNumber).padStart(5, '0')

export const garbagePrefix = 's3/g/'
export const garbageKey = (id: string) => garbagePrefix + id

/** Events that somebody is still to be told of: by bucket and destination, which is a line. */
export const everyOwedPrefix = 's3/e/'
export const owedPrefix = (bucket: string, destination = '') =>
  `${everyOwedPrefix}${bucket}\0${destination && `${destination}\0`}`
export const owedKey = (bucket: string, destination: string, order: string) =>
  owedPrefix(bucket, destination) + order
/** Those that nobody could be told of. */
export const everyDeadPrefix = 's3/d/'
export const deadPrefix = (bucket: string) => `${everyDeadPrefix}${bucket}\0`

/** All that most of what reads and changes them needs. */
export interface Documents {
  readonly metadata: MetadataStore
}

/** What stands under a key, for who is to put something in its place. */
export interface CurrentDocument<T> {
  /** Undefined when there is none, or when it is damaged. */
  readonly value: T | undefined
  /** Undefined when the document is damaged. */
  readonly revision: Revision | 'absent' | undefined
}

/** What is damaged can still be replaced and deleted, only not compared. */
export async function currentDocument<T>(
  metadata: Pick<MetadataStore, 'get' | 'condemn'>,
  kind: DocumentKind<T>,
  key: string,
): Promise<CurrentDocument<T>> {
  try {
    const document = await kind.get(metadata, key)
    return { value: document?.value, revision: document?.revision ?? 'absent' }
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return { value: undefined, revision: undefined }
    throw error
  }
}
