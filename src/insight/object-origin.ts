import type { ObjectName } from '../api/ports.ts'
import type { ByteRangeView, OriginView, RecordView } from '../api/views.ts'
import { streamArnOf } from '../delivery/job.ts'
import { parseStreamArn } from '../kinesis/stream-ref.ts'
import type { Deliveries } from './deliveries.ts'

/** The delivery that made an object, as far as deliveries are remembered. */
export async function originOf(
  delivery: Deliveries,
  { bucket, key }: ObjectName,
): Promise<OriginView | undefined> {
  const found = await delivery.madeOf(bucket, key)
  if (!found) return undefined
  const { job, object, sources } = found
  const streamArn = streamArnOf(job)
  const sourceStream = streamArn === undefined ? undefined : parseStreamArn(streamArn)?.streamName
  return {
    deliveryStream: job.name,
    ...(sourceStream !== undefined && { sourceStream }),
    delivery: object,
    ranges: sources.map(({ log, from, records, bytes }) => ({
      shardId: log,
      position: from,
      records,
      bytes,
    })),
  }
}

/** Where a stream's record is in an object, before compression. */
export async function byteRangeOf(
  delivery: Deliveries,
  { bucket, key }: ObjectName,
  { shardId, position }: Pick<RecordView, 'shardId' | 'position'>,
): Promise<ByteRangeView | undefined> {
  const found = await delivery.madeOf(bucket, key)
  const range = found?.sources.find(({ log }) => log === shardId)
  const streamArn = found && streamArnOf(found.job)
  if (!range || streamArn === undefined) return undefined
  const landed = await delivery.landed({ streamArn, group: range.group, log: shardId, position })
  for (const place of landed)
    if ('offset' in place && place.bucket === bucket && place.key === key)
      return { start: place.offset, end: place.offset + place.length }
  return undefined
}
