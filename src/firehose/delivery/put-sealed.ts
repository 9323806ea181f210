import type { DeliveryStream } from '../delivery-stream.ts'
import type { Firehose } from '../firehose.ts'
import { compressionOf } from './compression/compression.ts'
import { encode, RecordsGone } from './encode.ts'
import type { DeliveryOutcome, Manifest } from './manifest.ts'
import type { Slots } from './slots.ts'

/** AWS gives every object this type. */
const CONTENT_TYPE = 'application/octet-stream'

/** Puts a sealed batch's object. Rejects with what the destination said. */
export async function putSealed(
  { logs, destination }: Pick<Firehose, 'logs' | 'destination'>,
  { account, region }: Pick<DeliveryStream, 'account' | 'region'>,
  manifest: Manifest,
  compressions: Slots,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  let isGone = false
  async function* body() {
    try {
      yield* encode(logs, manifest, compressions)
    } catch (error) {
      isGone = error instanceof RecordsGone
      throw error
    }
  }
  const { contentEncoding } = compressionOf(manifest.compressionFormat)
  try {
    const put = await destination.put(
      {
        bucket: manifest.bucket,
        key: manifest.key,
        body,
        contentType: CONTENT_TYPE,
        ...(contentEncoding !== undefined && { contentEncoding }),
        account,
        region,
      },
      signal,
    )
    return { status: 'delivered', ...put }
  } catch (error) {
    if (isGone) return { status: 'lost' }
    throw error
  }
}
