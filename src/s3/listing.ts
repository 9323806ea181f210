import { type Bucket, type BucketInput, ownerOf, type Requesting, requireBucket } from './buckets/bucket.ts'
import { type Documents, objectsPrefix } from './documents.ts'
import { invalidArgument } from './exceptions.ts'
import { checkKey, objectDocument, quoted, type StoredObject } from './objects/stored-object.ts'

/**
 * One page of a listing: keys in the order of their UTF-8 bytes, with everything behind a delimiter folded into
 * common prefixes. Folded keys are skipped by seeking, so a page costs as much as what it shows.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export interface ListingQuery {
  readonly prefix: string
  /** Empty: no folding. */
  readonly delimiter: string
  /** A key or common prefix; the page begins behind it. */
  readonly after?: string | undefined
  /** Keys and common prefixes together. */
  readonly limit: number
}

export interface Page<E> {
  readonly entries: readonly E[]
  readonly commonPrefixes: readonly string[]
  /** The last key or common prefix shown, when more follows: the next page's `after`. */
  readonly next?: string
}

export interface Seek {
  readonly prefix: string
  /** At or after this key. */
  readonly from?: string
  /** Behind this key. */
  readonly after?: string
  readonly limit: number
}

/** Reads keys in order; fewer than `limit` of them mean that nothing follows. */
export type Source<E> = (seek: Seek) => Promise<readonly E[]>

/** With a delimiter most of what is read may be folded away, so little is read at a time. */
const FOLDED_BATCH = 64

export interface Listed {
  /** What orders it. */
  readonly key: string
  /** What is folded, where that is not the key. */
  readonly name?: string
}

export async function listPage<E extends Listed>(
  source: Source<E>,
  { prefix, delimiter, after, limit }: ListingQuery,
): Promise<Page<E>> {
  const entries: E[] = []
  const commonPrefixes: string[] = []
  const batchSize = delimiter === '' ? limit + 1 : Math.min(limit + 1, FOLDED_BATCH)
  let last = after
  let position = limit === 0 ? undefined : behind(after, prefix, delimiter)
  while (position) {
    const batch = await source({ prefix, ...position, limit: batchSize })
    for (const entry of batch) {
      const folded = commonPrefixOf(entry.name ?? entry.key, prefix, delimiter)
      if (folded !== undefined && folded === last) continue
      if (entries.length + commonPrefixes.length === limit) return { entries, commonPrefixes, next: last! }
      if (folded === undefined) entries.push(entry)
      else commonPrefixes.push(folded)
      last = folded ?? entry.key
    }
    position = batch.length < batchSize ? undefined : behind(last, prefix, delimiter)
  }
  return { entries, commonPrefixes }
}

/** What a key is folded into, or undefined when it is listed itself. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** What a page with that marker begins behind: all that the marker is folded into. No marker is empty. */
export const behindMarker = (marker: string, prefix = '', delimiter = ''): string | undefined =>
  commonPrefixOf(marker, prefix, delimiter) ?? (marker || undefined)

/** Where to go on behind a key or a common prefix; undefined when nothing can follow. */
function behind(last: string | undefined, prefix: string, delimiter: string) {
  if (last === undefined) return {}
  if (commonPrefixOf(last, prefix, delimiter) !== last) return { after: last }
  const from = successorOf(last)
  return from === undefined ? undefined : { from }
}

const LAST_CODE_POINT = 0x10ffff
const FIRST_SURROGATE = 0xd800
const LAST_SURROGATE = 0xdfff

/** The least text greater than every text that starts with `prefix`, in the order of UTF-8 bytes. */
export function successorOf(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!)
  while (points.at(-1) === LAST_CODE_POINT) points.pop()
  const point = points.pop()
  if (point === undefined) return undefined
  const next = point + 1 === FIRST_SURROGATE ? LAST_SURROGATE + 1 : point + 1
  return String.fromCodePoint(...points, next)
}

export const MAX_LISTED = 1000
const MAX_INTEGER = 2 ** 31 - 1

/** How many the client wants, at most 1,000. */
export function pageSize(argument: string, size: number = MAX_LISTED): number {
  if (size > MAX_INTEGER)
    throw invalidArgument(
      `Provided ${argument} not an integer or within integer range`,
      argument,
      String(size),
    )
  if (!Number.isInteger(size) || size < 0)
    throw invalidArgument(
      `Argument ${argument} must be an integer between 0 and 2147483647`,
      argument,
      String(size),
    )
  return Math.min(size, MAX_LISTED)
}

/** The number of the part that a page of parts begins behind. Throws InvalidArgument. */
export function partMarker(marker: string | undefined): number {
  if (!marker) return 0
  if (!/^\d{1,10}$/.test(marker) || Number(marker) > MAX_INTEGER)
    throw invalidArgument(
      'Provided part-number-marker not an integer or within integer range',
      'part-number-marker',
      marker,
    )
  return Number(marker)
}

/** `url` lets keys pass that XML cannot hold: as forms write them (a space is `+`), but for `/`. */
export function printerOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType)
  return (text) => new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/')
}

export interface ListingInput extends BucketInput {
  readonly Prefix?: string | undefined
  readonly Delimiter?: string | undefined
  readonly MaxKeys?: number | undefined
  readonly EncodingType?: string | undefined
}

interface ListedObject {
  readonly key: string
  readonly object: StoredObject
}

interface ObjectListing extends Page<ListedObject> {
  readonly bucket: Bucket
  readonly maxKeys: number
  /** Prints a key as the request's EncodingType wants it. */
  readonly print: (text: string) => string
}

/** One page of a bucket's objects, as each of the listing operations begins. */
export async function listObjects(
  ports: Documents,
  input: ListingInput,
  after: string | undefined,
  caller: Requesting,
): Promise<ObjectListing> {
  const bucket = (await requireBucket(ports, input, caller)).value
  const print = printerOf(input.EncodingType)
  const { Prefix: prefix = '', Delimiter: delimiter = '' } = input
  const maxKeys = pageSize('max-keys', input.MaxKeys)
  checkKey(prefix)
  checkKey(after ?? '')
  const page = await listPage(objectsOf(ports, input.Bucket), { prefix, delimiter, after, limit: maxKeys })
  return { ...page, bucket, maxKeys, print }
}

function objectsOf({ metadata }: Documents, bucket: string): Source<ListedObject> {
  const home = objectsPrefix(bucket)
  return async ({ prefix, from, after, limit }) => {
    const found = await objectDocument.list(metadata, {
      prefix: home + prefix,
      ...(from === undefined ? {} : { from: home + from }),
      ...(after === undefined ? {} : { after: home + after }),
      limit,
      damaged: 'left out',
    })
    return found.map(({ key, value }) => ({ key: key.slice(home.length), object: value }))
  }
}

/** An object as ListObjects, ListObjectsV2 and ListObjectVersions show it. */
export const listedAnswer = (
  { key, object }: ListedObject,
  { print, bucket }: Pick<ObjectListing, 'print' | 'bucket'>,
  withOwner: boolean,
) => ({
  Key: print(key),
  LastModified: object.lastModified,
  ETag: quoted(object.etag),
  ChecksumAlgorithm: [object.checksum.algorithm],
  ChecksumType: object.checksum.type,
  Size: object.sizeBytes,
  StorageClass: object.storageClass,
  ...(withOwner ? { Owner: ownerOf(bucket) } : {}),
})
