import type { Meters } from '../../metrics/meters.ts'
import type { StreamRef } from '../stream-ref.ts'

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
export interface CountedStream {
  readonly ref: StreamRef
  readonly stream: { readonly shardLevelMetrics: readonly ShardLevelMetric[] }
}

/**
 * What a call did: `PutRecord.Success` and the like.
 * https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
 */
export function countCall(
  meters: Meters,
  { ref }: Pick<CountedStream, 'ref'>,
  operation: string,
  values: Readonly<Record<string, number>>,
): void {
  for (const [metric, value] of Object.entries(values))
    countForStream(meters, ref, `${operation}.${metric}`, value)
}

/** Counts for the stream, and for the shard if its stream has that metric enabled. */
export const countingFor =
  (meters: Meters, { ref, stream }: CountedStream, ShardId: string) =>
  (metric: ShardLevelMetric, value: number): void => {
    if (isOfStream(metric)) countForStream(meters, ref, metric, value)
    if (stream.shardLevelMetrics.includes(metric))
      meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName, ShardId }, value)
  }

const countForStream = (meters: Meters, { streamName }: StreamRef, metric: string, value: number) =>
  meters.count('AWS/Kinesis', metric, { StreamName: streamName }, value)

/** CloudWatch has the others for a stream as `GetRecords.…` only. */
const isOfStream = (metric: ShardLevelMetric) =>
  metric !== 'OutgoingBytes' && metric !== 'OutgoingRecords' && metric !== 'IteratorAgeMilliseconds'
