import { list, maybe, named, number, object, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { type Grant, grantCheck } from '../acl/acl-grants.ts'
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES, type Checksum } from '../checksums/checksum.ts'
import { type Content, contentCheck } from '../content/content.ts'
import { everyObjectPrefix } from '../documents.ts'
import { invalidRequest, keyTooLong, metadataTooLarge } from '../exceptions.ts'
import type { EventObject } from '../notifications/owed-event.ts'
import { parseTagging, type Tag, tagCheck } from '../tags.ts'
import { NULL_VERSION, type Version, versionCheck } from './version-id.ts'

/** What is said about an object when it is made. */
export interface ObjectDescription {
  /** Answered as they came. */
  readonly headers: ObjectHeaders
  /** Without `x-amz-meta-`, in lower case. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: readonly Tag[]
  readonly storageClass: string
  /** Absent: everything to its bucket's owner. */
  readonly grants?: readonly Grant[]
}

/** One key's document. */
export interface StoredObject extends ObjectDescription {
  /** Absent: the `null` version, of a bucket that had no versions when it was put. */
  readonly version?: Version
  readonly sizeBytes: number
  /** Unquoted. */
  readonly etag: string
  /** ms since 1970, whole seconds */
  readonly lastModified: number
  readonly checksum: Checksum
  readonly content: Content
  /** Of an archived object: until when it can be read, ms since 1970. */
  readonly restoredUntil?: number
  /** The upload it came from and of how many parts. */
  readonly upload?: { readonly id: string; readonly partsCount: number }
}

const checksum = shape<Checksum>({
  algorithm: oneOf(...CHECKSUM_ALGORITHMS),
  ...{ type: oneOf(...CHECKSUM_TYPES), value: text },
})
const description = {
  headers: object<ObjectHeaders>(),
  metadata: named(text),
  tags: list(tagCheck),
  storageClass: text,
  grants: maybe(list(grantCheck)),
}
/** Within an upload, too. */
export const descriptionCheck = shape<ObjectDescription>(description)

/** Of a version that is not the key's object, too. */
export const objectMembers = {
  ...description,
  version: maybe(versionCheck),
  ...{ sizeBytes: number, etag: text, lastModified: number, checksum, content: contentCheck },
  restoredUntil: maybe(number),
  upload: maybe(shape<NonNullable<StoredObject['upload']>>({ id: text, partsCount: number })),
}

export const objectDocument = document<StoredObject>({
  keys: everyObjectPrefix,
  version: 1,
  check: shape<StoredObject>(objectMembers),
})

/** What events tell of an object. */
export const eventObjectOf = (
  key: string,
  { sizeBytes, etag, version }: Pick<StoredObject, 'sizeBytes' | 'etag' | 'version'>,
): EventObject => ({
  key,
  sizeBytes,
  etag,
  ...(version && version.id !== NULL_VERSION && { versionId: version.id }),
})

export interface ObjectHeaders {
  readonly CacheControl?: string | undefined
  readonly ContentDisposition?: string | undefined
  readonly ContentEncoding?: string | undefined
  readonly ContentLanguage?: string | undefined
  readonly ContentType?: string | undefined
  readonly Expires?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
}

export interface DescriptionInput extends ObjectHeaders {
  readonly Metadata?: Readonly<Record<string, string>> | undefined
  readonly Tagging?: string | undefined
  readonly StorageClass?: string | undefined
}

const MAX_METADATA_BYTES = 2048
const MAX_KEY_BYTES = 1024

export function descriptionOf(input: DescriptionInput): ObjectDescription {
  const metadata = input.Metadata ?? {}
  let metadataBytes = 0
  for (const [name, value] of Object.entries(metadata))
    metadataBytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  if (metadataBytes > MAX_METADATA_BYTES) throw metadataTooLarge(metadataBytes, MAX_METADATA_BYTES)
  return {
    headers: headersOf(input),
    metadata,
    tags: parseTagging(input.Tagging),
    storageClass: input.StorageClass ?? 'STANDARD',
  }
}

function headersOf(input: ObjectHeaders): ObjectHeaders {
  const headers: ObjectHeaders = {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: input.ContentEncoding || undefined,
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType ?? 'binary/octet-stream',
    Expires: input.Expires,
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
  }
  const redirect = headers.WebsiteRedirectLocation
  if (redirect !== undefined && !/^(\/|https?:\/\/)/.test(redirect))
    throw invalidRequest(
      "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    )
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
}

/** Any 1 to 1,024 bytes of UTF-8 are a key. */
export function checkKey(key: string): void {
  const sizeBytes = Buffer.byteLength(key)
  if (sizeBytes > MAX_KEY_BYTES) throw keyTooLong(sizeBytes, MAX_KEY_BYTES)
}

export const quoted = (etag: string): string => `"${etag}"`
