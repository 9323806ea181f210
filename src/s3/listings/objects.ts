import type { Caller } from '../../service/operation.ts'
import { type Bucket, type BucketInput, ownerOf, requireBucket } from '../buckets/bucket.ts'
import { objectsPrefix } from '../documents.ts'
import { invalidArgument } from '../exceptions.ts'
import { checkKey, quoted, type StoredObject } from '../objects/stored-object.ts'
import type { S3 } from '../s3.ts'
import { listPage, type Page, type Source } from './listing.ts'

export const MAX_LISTED = 1000
const MAX_INTEGER = 2 ** 31 - 1

export interface ListingInput extends BucketInput {
  readonly Prefix?: string | undefined
  readonly Delimiter?: string | undefined
  readonly MaxKeys?: number | undefined
  readonly EncodingType?: string | undefined
}

export interface ListedObject {
  readonly key: string
  readonly object: StoredObject
}

export interface ObjectListing extends Page<ListedObject> {
  readonly bucket: Bucket
  readonly maxKeys: number
  /** Prints a key as the request's EncodingType wants it. */
  readonly print: (text: string) => string
}

/** One page of a bucket's objects, as each of the listing operations begins. */
export async function listObjects(
  s3: S3,
  input: ListingInput,
  after: string | undefined,
  caller: Pick<Caller, 'account'>,
): Promise<ObjectListing> {
  const bucket = (await requireBucket(s3, input, caller)).value
  const print = printerOf(input.EncodingType)
  const { Prefix: prefix = '', Delimiter: delimiter = '' } = input
  const maxKeys = pageSize('max-keys', input.MaxKeys)
  checkKey(prefix)
  checkKey(after ?? '')
  const page = await listPage(objectsOf(s3, input.Bucket), { prefix, delimiter, after, limit: maxKeys })
  return { ...page, bucket, maxKeys, print }
}

function objectsOf({ metadata }: S3, bucket: string): Source<ListedObject> {
  const home = objectsPrefix(bucket)
  return async ({ prefix, from, after, limit }) => {
    const found = await metadata.list<StoredObject>({
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
