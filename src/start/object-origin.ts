import type { ObjectName, Scope } from '../api/ports.ts'
import type { ByteRangeView, OriginView, RecordView } from '../api/views.ts'
import type { LogStore, MetadataStore } from '../engine/engine.ts'
import { dataBytesOf } from '../engine/record.ts'
import type { LogRange } from '../firehose/delivery/buffer.ts'
import { listDelivered } from '../firehose/delivery/checkpoint.ts'
import type { Delivered } from '../firehose/delivery/manifest.ts'
import { type DeliveryStream, regionKeyOf } from '../firehose/delivery-stream.ts'
import { parseStreamArn } from '../kinesis/stream-ref.ts'

interface Stores {
  readonly metadata: MetadataStore
  readonly logs: LogStore
}

/** The delivery that made an object, as far as deliveries are remembered. */
export async function originOf(
  { metadata }: Pick<Stores, 'metadata'>,
  scope: Scope,
  object: ObjectName,
): Promise<OriginView | undefined> {
  const found = await findDelivery(metadata, scope, object)
  if (!found) return undefined
  const { stream, delivered } = found
  const { ranges, ...delivery } = delivered
  const sourceStream = stream.source && parseStreamArn(stream.source.streamArn)?.streamName
  return {
    deliveryStream: stream.name,
    ...(sourceStream !== undefined && { sourceStream }),
    delivery,
    ranges: ranges.map(({ log, from, records, bytes }) => ({ shardId: log, position: from, records, bytes })),
  }
}

/** Where a record's bytes are in an object that holds them as they were put. */
export async function byteRangeOf(
  { metadata, logs }: Stores,
  scope: Scope,
  object: ObjectName,
  { shardId, position }: Pick<RecordView, 'shardId' | 'position'>,
): Promise<ByteRangeView | undefined> {
  const ranges = (await findDelivery(metadata, scope, object))?.delivered.ranges ?? []
  const index = ranges.findIndex(
    (range) => range.log === shardId && range.from <= position && position < range.to,
  )
  const range = ranges[index]
  if (!range) return undefined
  const before = ranges.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0)
  const within = await bytesWithin(logs, range, position)
  return within && { start: before + within.start, end: before + within.end }
}

async function bytesWithin(
  logs: LogStore,
  range: LogRange,
  position: number,
): Promise<ByteRangeView | undefined> {
  let start = 0
  for (let from = range.from; from <= position; ) {
    const { entries, next } = await logs.read(range, from, { entries: 1_000, bytes: 2 ** 20 })
    for (const entry of entries) {
      const bytes = dataBytesOf(entry.data)
      if (entry.position === position) return { start, end: start + bytes }
      start += bytes
    }
    if (entries.length === 0) return undefined
    from = next
  }
  return undefined
}

async function findDelivery(
  metadata: MetadataStore,
  scope: Scope,
  { bucket, key }: ObjectName,
): Promise<{ stream: DeliveryStream; delivered: Delivered } | undefined> {
  for (const { value: stream } of await metadata.list<DeliveryStream>({ prefix: regionKeyOf(scope) })) {
    const history = await listDelivered(metadata, stream.id)
    const delivered = history.find((one) => one.bucket === bucket && one.key === key)
    if (delivered) return { stream, delivered }
  }
  return undefined
}
