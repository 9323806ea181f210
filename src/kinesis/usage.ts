import type { AgeTier, Meters } from '../metrics/meters.ts'
import type { Consumer, WithConsumers } from './consumers/consumer.ts'
import { isOpen, type Shard } from './shards/shard.ts'
import { arnOf, groupOf, type StreamRef } from './stream-ref.ts'

/**
 * Each record is billed in such steps, by the stream's mode. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
const PAYLOAD_UNIT_BYTES = 25_600
const ON_DEMAND_STEP_BYTES = 1_024

/** From this age on records are long-term data, which AWS bills by the gigabyte. */
const LONG_TERM_HOURS = 168
const LONG_TERM_MS = LONG_TERM_HOURS * 3_600_000

/** A stream whose records are put or read. */
interface UsedStream extends CountedStream {
  readonly stream: CountedStream['stream'] & Pick<BilledStream, 'mode'>
}

interface Stored {
  readonly data: Uint8Array
}

/** What was stored in a shard, for CloudWatch and for the bill. */
export function countStored(
  meters: Meters,
  found: UsedStream & { readonly group: string },
  shardId: string,
  { records, bytes }: { readonly records: readonly Stored[]; readonly bytes: number },
): void {
  const count = countingFor(meters, found, shardId)
  count('IncomingRecords', records.length)
  count('IncomingBytes', bytes)
  meters.arrive(found.group, bytes)
  if (found.stream.mode === 'PROVISIONED')
    meters.use('kinesis-put-payload-units', stepsOf(records, PAYLOAD_UNIT_BYTES))
  else meters.use('kinesis-on-demand-in-bytes', stepsOf(records, ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES)
}

const stepsOf = (records: readonly Stored[], stepBytes: number) =>
  records.reduce((sum, { data }) => sum + Math.max(1, Math.ceil(data.length / stepBytes)), 0)

/** What GetRecords gives. Times are ms since 1970. */
interface Read {
  readonly records: readonly ReadRecord[]
  readonly behindMs: number
  readonly now: number
}

interface ReadRecord {
  readonly Data: Uint8Array
  readonly ApproximateArrivalTimestamp: number
}

/**
 * Counts it for CloudWatch, and for the bill: AWS bills everything when the stream is on-demand, else what is older than
 * seven days. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function countRead(
  meters: Meters,
  found: UsedStream,
  shardId: string,
  { records, behindMs, now }: Read,
): void {
  const bytes = bytesOf(records)
  const count = countingFor(meters, found, shardId)
  count('OutgoingRecords', records.length)
  count('OutgoingBytes', bytes)
  count('IteratorAgeMilliseconds', behindMs)
  const isOnDemand = found.stream.mode === 'ON_DEMAND'
  const billed = isOnDemand ? bytes : bytesOf(records.filter(isOlderThan(now - LONG_TERM_MS)))
  if (billed > 0)
    meters.use(isOnDemand ? 'kinesis-on-demand-out-bytes' : 'kinesis-long-term-retrieval-bytes', billed)
}

const isOlderThan =
  (time: number) =>
  ({ ApproximateArrivalTimestamp }: ReadRecord): boolean =>
    ApproximateArrivalTimestamp < time

export const bytesOf = (records: readonly Pick<ReadRecord, 'Data'>[]): number =>
  records.reduce((sum, { Data }) => sum + Data.length, 0)

interface PushedEvent {
  readonly SubscribeToShardEvent: {
    readonly Records: readonly { readonly Data: Uint8Array }[]
    readonly MillisBehindLatest: number
  }
}

/** Passes the events on, counted as CloudWatch counts them and metered as AWS bills them. */
export async function* countEvents<E extends PushedEvent>(
  meters: Meters,
  { ref, stream }: UsedStream,
  { consumerName }: Consumer,
  events: AsyncIterable<E>,
): AsyncGenerator<E, void, undefined> {
  const count = (metric: string, value: number) =>
    meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName, ConsumerName: consumerName }, value)
  const meter = stream.mode === 'ON_DEMAND' ? 'kinesis-on-demand-fan-out-bytes' : 'kinesis-fan-out-bytes'
  for await (const event of events) {
    const { Records, MillisBehindLatest } = event.SubscribeToShardEvent
    const bytes = bytesOf(Records)
    count('SubscribeToShardEvent.Success', 1)
    count('SubscribeToShardEvent.Records', Records.length)
    count('SubscribeToShardEvent.Bytes', bytes)
    count('SubscribeToShardEvent.MillisBehindLatest', MillisBehindLatest)
    if (bytes > 0) meters.use(meter, bytes)
    yield event
  }
}

/** For so long the price of a shard, or what was put, has the records kept. */
const INCLUDED_HOURS = 24

/** The document of a stream, as far as AWS bills by it. */
interface BilledStream extends WithConsumers {
  readonly creationId: string
  readonly mode: 'PROVISIONED' | 'ON_DEMAND'
  readonly shards: readonly Shard[]
  readonly retentionPeriodHours: number
  readonly passing?: { readonly status: string }
}

/**
 * Until a stream is deleted AWS bills by the hour: an on-demand stream as a whole; of a provisioned one its shards, those
 * shards again while records are kept for longer than a day, and every consumer for each of them. What is kept it bills by
 * the gigabyte: in an on-demand stream from a day on, in every stream from seven days on. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function meterStream(meters: Meters, ref: StreamRef, stream: BilledStream): void {
  const isBilled = stream.passing?.status !== 'DELETING'
  const isOnDemand = stream.mode === 'ON_DEMAND'
  const shards = isBilled && !isOnDemand ? stream.shards.filter(isOpen).length : 0
  const consumers = stream.consumers.filter(({ passing }) => passing?.status !== 'DELETING').length
  const isExtended = stream.retentionPeriodHours > INCLUDED_HOURS
  meters.run('kinesis-shard-hours', arnOf(ref), shards)
  meters.run('kinesis-extended-retention-shard-hours', arnOf(ref), isExtended ? shards : 0)
  meters.run('kinesis-fan-out-shard-hours', arnOf(ref), consumers * shards)
  meters.run('kinesis-on-demand-stream-hours', arnOf(ref), isBilled && isOnDemand ? 1 : 0)
  const group = groupOf(ref, stream.creationId)
  meters.retain(group, isBilled ? stream.retentionPeriodHours : 0, tiersOf(stream))
}

function tiersOf({ mode, retentionPeriodHours: hours }: BilledStream): AgeTier[] {
  const extended = {
    meter: 'kinesis-on-demand-extended-retention-byte-hours',
    fromHours: INCLUDED_HOURS,
    untilHours: Math.min(hours, LONG_TERM_HOURS),
  } as const
  const longTerm = {
    meter: 'kinesis-long-term-retention-byte-hours',
    fromHours: LONG_TERM_HOURS,
    untilHours: hours,
  } as const
  return mode === 'ON_DEMAND' ? [extended, longTerm] : [longTerm]
}

/** In the order in which AWS prints them. */
export const SHARD_LEVEL_METRICS = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
] as const
export type ShardLevelMetric = (typeof SHARD_LEVEL_METRICS)[number]

/** A stream, as far as CloudWatch's metrics concern it. */
interface CountedStream {
  readonly ref: StreamRef
  readonly stream: { readonly shardLevelMetrics: readonly ShardLevelMetric[] }
}

/** Counts for the stream, and for the shard if its stream has that metric enabled. */
export const countingFor =
  (meters: Meters, { ref, stream }: CountedStream, ShardId: string) =>
  (metric: ShardLevelMetric, value: number): void => {
    if (isOfStream(metric)) meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName }, value)
    if (stream.shardLevelMetrics.includes(metric))
      meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName, ShardId }, value)
  }

/** CloudWatch has the others for a stream as `GetRecords.…` only. */
const isOfStream = (metric: ShardLevelMetric) =>
  metric !== 'OutgoingBytes' && metric !== 'OutgoingRecords' && metric !== 'IteratorAgeMilliseconds'
