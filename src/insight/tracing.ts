import type { ObjectName, Scope } from '../api/ports.ts'
import type { ByteRangeView, OriginView, RecordView } from '../api/views.ts'
import { type Job, streamArnOf } from '../delivery/job.ts'
import type { DeliveryReason } from '../delivery/lineage/manifest.ts'
import { shardOfLog } from '../delivery/progress/source.ts'
import type { LogRange } from '../delivery/reading/log-range.ts'
import { recordIdOf } from '../firehose/direct-put/record-id.ts'
import { parseSequenceNumber } from '../kinesis/shards/sequence-number.ts'
import { shardIdOf } from '../kinesis/shards/shard.ts'
import { arnOf, parseStreamArn } from '../kinesis/stream-ref.ts'
import type { StreamSource } from '../kinesis/streams/store.ts'
import { ServiceException } from '../service/exception.ts'
import type { Deliveries, ShownLanded } from './deliveries.ts'

/** What an object was made of. Times are ms since 1970. */
export interface MadeOf {
  readonly deliveryStream: string
  readonly bucket: string
  readonly key: string
  readonly records: number
  /** Of data, before delimiters and compression. */
  readonly bytes: number
  readonly reason: DeliveryReason
  readonly version: number
  readonly oldestArrival: number
  readonly deliveredAt: number
  readonly partitionKeys?: Readonly<Record<string, string>>
  /** One for each shard, or for the Direct PUT log; where processors chose among the records, others lie between. */
  readonly sources: readonly Source[]
}

interface Source {
  readonly stream?: string
  readonly shardId?: string
  readonly firstSequenceNumber?: string
  readonly lastSequenceNumber?: string
  readonly firstRecordId?: string
  readonly lastRecordId?: string
  readonly records: number
  readonly bytes: number
}

/** Throws NotFound unless a delivery that is remembered wrote the object. */
export async function madeOf(
  { delivery, streams }: { readonly delivery: Deliveries; readonly streams: StreamSource },
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<MadeOf> {
  const found = await delivery.madeOf(bucket, key)
  if (!found)
    throw new ServiceException('NotFound', `No delivery is remembered that wrote s3://${bucket}/${key}.`, 404)
  const { job, object, sources } = found
  const { records, bytes, reason, version, oldestArrival, deliveredAt, partitionKeys } = object
  return {
    deliveryStream: job.name,
    ...{ bucket, key, records, bytes, reason, version, oldestArrival, deliveredAt },
    ...(partitionKeys && { partitionKeys }),
    sources: await Promise.all(sources.map((range) => sourceOf(range, job, streams))),
  }
}

async function sourceOf(
  { group, log, from, to, records, bytes, firstArrival, lastArrival }: LogRange,
  job: Job,
  streams: StreamSource,
): Promise<Source> {
  const streamArn = streamArnOf(job)
  if (streamArn === undefined)
    return {
      firstRecordId: recordIdOf(job.id, from),
      lastRecordId: recordIdOf(job.id, to - 1),
      records,
      bytes,
    }
  const stream = await streams.describe(streamArn)
  const shard = stream?.group === group ? shardOfLog(stream, log) : undefined
  return {
    stream: streamArn.replace(/^.*:stream\//, ''),
    shardId: shard?.shardId ?? log,
    ...(shard && {
      firstSequenceNumber: shard.sequenceNumberOf(from, firstArrival),
      lastSequenceNumber: shard.sequenceNumberOf(to - 1, lastArrival),
    }),
    records,
    bytes,
  }
}

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

/** A record by what its producer was answered: one of a stream, or one of a Direct PUT delivery stream. */
export type RecordQuery =
  | { readonly stream: string; readonly sequenceNumber: string }
  | { readonly recordId: string }

interface Rooms {
  readonly delivery: Deliveries
  readonly streams: StreamSource
}

/** Where a record is; at least one answer for each delivery stream that reads it. */
export async function landedAt(
  { delivery, streams }: Rooms,
  { account, region }: Scope,
  query: RecordQuery,
): Promise<ShownLanded[]> {
  if ('recordId' in query) return await delivery.landed(query)
  const { stream, sequenceNumber } = query
  const parsed = parseSequenceNumber(sequenceNumber)
  if (!parsed)
    throw new ServiceException('BadRequest', 'sequenceNumber has to be one that PutRecord answered.')
  const streamArn = arnOf({ account, region, streamName: stream })
  const found = await streams.describe(streamArn)
  const { position, shardIndex, timeSeconds } = parsed
  const log = shardIdOf(shardIndex)
  const isItsOwn = found?.shards.some(
    (shard) => shard.log === log && shard.sequenceNumberOf(position, timeSeconds * 1000) === sequenceNumber,
  )
  // A stream that was deleted had others, and its records are asked for all the more.
  const former = isItsOwn
    ? []
    : await delivery.landed({ streamArn, log, position, arrivedSeconds: timeSeconds })
  if (former.length > 0) return former
  if (!found) throw new ServiceException('NotFound', `There is no stream ${stream} in ${region}.`, 404)
  return await delivery.landed({ streamArn, group: found.group, log, position })
}
