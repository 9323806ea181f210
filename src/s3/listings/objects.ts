import type { Caller } from '../../service/operation.ts'
import { type Bucket, type BucketInput, ownerOf, requireBucket } from '../buckets/bucket.ts'
import { type Documents, objectsPrefix } from '../documents.ts'
import { checkKey, objectDocument, quoted, type StoredObject } from '../objects/stored-object.ts'
import { listPage, type Page, pageSize, printerOf, type Source } from './listing.ts'

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
  ports: Documents,
  input: ListingInput,
  after: string | undefined,
  caller: Pick<Caller, 'account'>,
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
