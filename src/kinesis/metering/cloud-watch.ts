import type { Meters } from '../../metrics/meters.ts'
import type { ListedStream } from '../streams/store.ts'
import type { ShardLevelMetric } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html */
export const countForStream = (meters: Meters, { ref }: ListedStream, metric: string, value: number): void =>
  meters.count('AWS/Kinesis', metric, { StreamName: ref.streamName }, value)

/** For the stream, and for the shard if its stream has that metric enabled. */
export function countForShard(
  meters: Meters,
  found: ListedStream,
  ShardId: string,
  metric: ShardLevelMetric,
  value: number,
): void {
  if (isOfStream(metric)) countForStream(meters, found, metric, value)
  if (found.stream.shardLevelMetrics.includes(metric))
    meters.count('AWS/Kinesis', metric, { StreamName: found.ref.streamName, ShardId }, value)
}

/** CloudWatch has the others for a stream as `GetRecords.…` only. */
const isOfStream = (metric: ShardLevelMetric) =>
  metric !== 'OutgoingBytes' && metric !== 'OutgoingRecords' && metric !== 'IteratorAgeMilliseconds'
