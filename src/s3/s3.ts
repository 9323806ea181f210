import type { Clock } from '../clock/clock.ts'
import type { Random } from '../clock/random.ts'
import type { BlobStore, MetadataStore } from '../engine/engine.ts'
import type { Meters } from '../metrics/meters.ts'
import { findBucket } from './bucket.ts'
import { putStoredObject } from './commit-object.ts'
import { wantedKey } from './document-key.ts'
import { type Collector, createCollector } from './garbage.ts'
import { countRequest } from './offered.ts'
import { putObject } from './operations/put-object.ts'
import { createReaders, type Readers } from './readers.ts'
import { receiveChecked } from './receive-checked.ts'
import { checkKey, descriptionOf } from './stored-object.ts'
import { discardUploads } from './upload.ts'

export interface S3Options {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly random: Random
  readonly meters: Meters
}

/** What S3's operations work with. */
export interface S3 extends S3Options {
  readonly collector: Collector
  readonly readers: Readers
  /** For what is named by chance alone. */
  readonly newId: () => string
  /** As S3 tells time: ms since 1970 in whole seconds. */
  readonly nowSecond: () => number
}

export function createS3(options: S3Options): S3 {
  const readers = createReaders(() => collector.wake())
  const collector = createCollector(options, readers)
  return {
    ...options,
    collector,
    readers,
    newId: () => Buffer.from(options.random.bytes(16)).toString('hex'),
    nowSecond: () => Math.floor(options.clock.now() / 1000) * 1000,
  }
}

/** Gives back what a crash left: garbage, uploads of deleted buckets, and blobs that no commit took. */
export async function recoverS3(s3: S3): Promise<void> {
  await discardUploads(s3)
  await s3.collector.idle()
  for await (const blob of s3.blobs.list())
    if (!(await s3.metadata.get(wantedKey(blob)))) await s3.blobs.delete(blob)
}

export interface DeliveredObject {
  readonly bucket: string
  readonly key: string
  readonly body: AsyncIterable<Uint8Array>
  readonly contentType: string
  readonly contentEncoding?: string | undefined
}

/** PutObject for the same process, with its exceptions (NoSuchBucket, …) and its price. */
export const putObjectOf =
  (s3: S3) =>
  async ({
    bucket,
    key,
    body,
    contentType,
    contentEncoding,
  }: DeliveredObject): Promise<{ etag: string; sizeBytes: number }> => {
    countRequest(s3.meters, putObject, bucket)
    await findBucket(s3, bucket)
    checkKey(key)
    const { content, sizeBytes, md5, checksum, changes } = await receiveChecked(s3, { Body: body })
    const description = descriptionOf({ ContentType: contentType, ContentEncoding: contentEncoding })
    await putStoredObject(s3, {
      bucket,
      key,
      object: { ...description, sizeBytes, etag: md5, lastModified: s3.nowSecond(), checksum, content },
      conditions: {},
      also: changes,
    })
    return { etag: md5, sizeBytes }
  }
