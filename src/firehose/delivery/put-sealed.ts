import type { Change } from '../../engine/engine.ts'
import type { DeliveryStream } from '../delivery-stream.ts'
import type { Firehose } from '../firehose.ts'
import { compressionOf } from './compression/compression.ts'
import { encode, RecordsGone } from './encode.ts'
import { createLineage, lineagePrefixOf } from './lineage.ts'
import type { DeliveryOutcome, Manifest } from './manifest.ts'
import type { Reading } from './reading.ts'
import type { Slots } from './slots.ts'

/** AWS gives every object this type. */
const CONTENT_TYPE = 'application/octet-stream'

export interface Put {
  readonly stream: Pick<DeliveryStream, 'id' | 'account' | 'region'>
  readonly manifest: Manifest
  readonly reading: Reading
  readonly compressions: Slots
  readonly signal: AbortSignal
}

/** Puts a sealed batch's object. Rejects with what the destination said. `changes` belong to the outcome's commit. */
export async function putSealed(
  { logs, metadata, destination }: Pick<Firehose, 'logs' | 'metadata' | 'destination'>,
  { stream: { id, account, region }, manifest, reading, compressions, signal }: Put,
): Promise<{ outcome: DeliveryOutcome; changes: readonly Change[] }> {
  const lineage = createLineage(metadata, lineagePrefixOf(id, manifest.id), manifest)
  let gone: RecordsGone | undefined
  async function* body() {
    try {
      yield* encode({ logs, manifest, reading, lineage, compressions })
    } catch (error) {
      if (error instanceof RecordsGone) gone = error
      throw error
    }
  }
  const { contentEncoding } = compressionOf(manifest.compressionFormat)
  const { bucket, key, storageClass, expectedBucketOwner } = manifest
  try {
    const put = await destination.put(
      {
        bucket,
        key,
        body,
        contentType: CONTENT_TYPE,
        ...(contentEncoding !== undefined && { contentEncoding }),
        ...(storageClass !== undefined && { storageClass }),
        ...(expectedBucketOwner !== undefined && { expectedBucketOwner }),
        account,
        region,
      },
      signal,
    )
    const { etag, sizeBytes, changes = [] } = put
    return { outcome: { status: 'delivered', etag, sizeBytes }, changes: [...changes, ...lineage.rest()] }
  } catch (error) {
    if (gone) return { outcome: { status: 'lost', why: gone.message }, changes: [] }
    throw error
  }
}
