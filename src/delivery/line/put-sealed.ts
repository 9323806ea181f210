import type { Change } from '../../engine/engine.ts'
import type { Firehose } from '../../firehose/firehose.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { compressionOf } from '../compressions/compressions.ts'
import type { DeliveryObject, PutObject } from '../destination.ts'
import { createLineage, lineagePrefixOf } from '../lineage/lineage.ts'
import type { DeliveryOutcome, Manifest } from '../lineage/manifest.ts'
import type { Reading } from '../reading/reading.ts'
import type { Slots } from '../slots.ts'
import { encode, RecordsGone } from './encode.ts'

/** AWS gives every object this type. */
const CONTENT_TYPE = 'application/octet-stream'

export interface Put {
  readonly stream: Pick<DeliveryStream, 'id' | 'account' | 'region'>
  readonly manifest: Manifest
  readonly reading: Reading
  readonly compressions: Slots
  readonly signal: AbortSignal
}

/**
 * Puts a sealed batch's object. Rejects with RecordsGone, or with what the destination said. `changes` belong to the
 * outcome's commit.
 */
export async function putSealed(
  { logs, metadata, destination }: Pick<Firehose, 'logs' | 'metadata' | 'destination'>,
  { stream, manifest, reading, compressions, signal }: Put,
): Promise<{ outcome: DeliveryOutcome; changes: readonly Change[] }> {
  const lineage = createLineage(metadata, lineagePrefixOf(stream.id, manifest.id), manifest)
  let gone: RecordsGone | undefined
  async function* body() {
    try {
      yield* encode({ logs, manifest, reading, lineage, compressions })
    } catch (error) {
      if (error instanceof RecordsGone) gone = error
      throw error
    }
  }
  try {
    const { changes = [], ...stored } = await destination.put({ ...objectOf(stream, manifest), body }, signal)
    return { outcome: { status: 'delivered', ...stored }, changes: [...changes, ...lineage.rest()] }
  } catch (error) {
    throw gone ?? error
  }
}

/** What an earlier put of the sealed batch has left, if its answer never came. Rejects with what the destination said. */
export async function findPut(
  { destination }: Pick<Firehose, 'destination'>,
  { stream, manifest, signal }: Pick<Put, 'stream' | 'manifest' | 'signal'>,
): Promise<PutObject | undefined> {
  return await destination.find?.(objectOf(stream, manifest), signal)
}

function objectOf({ account, region }: Put['stream'], manifest: Manifest): Omit<DeliveryObject, 'body'> {
  const { contentEncoding } = compressionOf(manifest.compressionFormat)
  const { bucket, key, storageClass, expectedBucketOwner } = manifest
  return {
    ...{ bucket, key, contentType: CONTENT_TYPE, account, region },
    ...(contentEncoding !== undefined && { contentEncoding }),
    ...(storageClass !== undefined && { storageClass }),
    ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
  }
}
