import type { MetadataStore } from '../engine/ports/engine.ts'
import { ALL_STREAMS } from '../firehose/streams/delivery-stream.ts'
import { CHANNEL_KEYS } from '../kinesis/channels/channel.ts'
import { STREAM_KEYS } from '../kinesis/stream-ref.ts'
import { bucketsPrefix } from '../s3/documents.ts'

/** How many of each the data folder holds. */
export interface Restored {
  readonly streams: number
  readonly deliveryStreams: number
  readonly channels: number
  readonly buckets: number
}

export async function countRestored(metadata: MetadataStore): Promise<Restored> {
  const count = async (prefix: string) => (await metadata.list({ prefix, damaged: 'left out' })).length
  return {
    streams: await count(STREAM_KEYS),
    deliveryStreams: await count(ALL_STREAMS),
    channels: await count(CHANNEL_KEYS),
    buckets: await count(bucketsPrefix),
  }
}
