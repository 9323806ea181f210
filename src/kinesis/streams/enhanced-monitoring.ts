import { SHARD_LEVEL_METRICS, type ShardLevelMetric } from '../metering/cloud-watch.ts'
import { arnOf, type StreamRef } from '../stream-ref.ts'
import { type Changing, updateStream } from './changes.ts'

/** Keeps the metrics that `isWanted`, given whether a metric is enabled now and whether the request named it. */
export async function changeShardLevelMetrics(
  ports: Changing,
  ref: StreamRef,
  isWanted: (isPresent: boolean, isNamed: boolean) => boolean,
  named: readonly (ShardLevelMetric | 'ALL')[],
) {
  const isNamed = (metric: ShardLevelMetric) => named.includes(metric) || named.includes('ALL')
  let before: readonly ShardLevelMetric[] = []
  const { shardLevelMetrics } = await updateStream(ports, ref, (stream) => {
    before = stream.shardLevelMetrics
    const after = SHARD_LEVEL_METRICS.filter((metric) => isWanted(before.includes(metric), isNamed(metric)))
    return after.length === before.length ? stream : { ...stream, shardLevelMetrics: after }
  })
  return {
    StreamName: ref.streamName,
    CurrentShardLevelMetrics: [...before],
    DesiredShardLevelMetrics: [...shardLevelMetrics],
    StreamARN: arnOf(ref),
  }
}
