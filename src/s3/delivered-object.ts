import type { Change } from '../engine/ports/engine.ts'
import { countRequest } from './admission.ts'
import { type Bucket, findBucket } from './buckets/bucket.ts'
import { receiveChecked } from './content/receive.ts'
import { accessDenied } from './exceptions.ts'
import { byService } from './notifications/cause.ts'
import { admitObject, givingBack, objectChanges } from './objects/commit.ts'
import { checkKey, descriptionOf, type StoredObject } from './objects/stored-object.ts'
import { putObject } from './operations/put-object.ts'
import type { S3 } from './s3.ts'

export interface DeliveredObject {
  readonly bucket: string
  readonly key: string
  readonly body: AsyncIterable<Uint8Array>
  readonly contentType: string
  readonly contentEncoding?: string | undefined
  readonly storageClass?: string | undefined
  readonly expectedBucketOwner?: string | undefined
}

/**
 * PutObject for the same process, with its exceptions (NoSuchBucket, …) and its price: all but the commit, so that it
 * can be one with the commit of what the object was made from. `changes` make the object visible; until then nobody
 * sees it, and if they are never committed its bytes are swept at the next start. They end with Conflict when the
 * bucket or the key was changed meanwhile: prepare it again.
 */
export async function prepareObject(
  s3: S3,
  object: DeliveredObject,
): Promise<{ etag: string; sizeBytes: number; changes: readonly Change[] }> {
  const { bucket, key, body, contentType, contentEncoding, storageClass } = object
  countRequest(s3.meters, putObject, bucket)
  const home = await requireDeliverable(s3, object)
  checkKey(key)
  // Nobody knows yet how large it becomes.
  await admitObject(s3, home, key, 1)
  const { content, sizeBytes, md5, checksum, changes } = await receiveChecked(s3, { Body: body })
  const description = descriptionOf({
    ContentType: contentType,
    ContentEncoding: contentEncoding,
    StorageClass: storageClass,
  })
  const lastModified = s3.nowSecond()
  const stored: StoredObject = { ...description, sizeBytes, etag: md5, lastModified, checksum, content }
  const cause = { event: 'ObjectCreated:Put', by: byService(DELIVERER, s3.newId) } as const
  const commit = { bucket, key, object: stored, conditions: {}, cause, also: changes }
  const { changes: all } = await givingBack(s3, content, () => objectChanges(s3, commit))
  return { etag: md5, sizeBytes, changes: all }
}

/** Who is told to have put it, whether it is a delivery stream's or a channel's. */
const DELIVERER = 'firehose.amazonaws.com'

/** Throws NoSuchBucket, or AccessDenied when the bucket is another account's than it has to be. */
export async function requireDeliverable(
  s3: S3,
  { bucket: name, expectedBucketOwner }: Pick<DeliveredObject, 'bucket' | 'expectedBucketOwner'>,
): Promise<Bucket> {
  const bucket = (await findBucket(s3, name)).value
  if (expectedBucketOwner !== undefined && expectedBucketOwner !== bucket.account) throw accessDenied()
  return bucket
}
