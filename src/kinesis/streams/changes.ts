import { streamNotActive } from '../exceptions/streams.ts'
import { arnOf, type StreamRef } from '../stream-ref.ts'
import { meterStream, SHARD_LEVEL_METRICS, type ShardLevelMetric } from '../usage.ts'
import type { StreamStore } from './store.ts'
import { type Stream, statusOf, updating } from './stream.ts'
import { scheduleResharding, type Upkeep } from './upkeep.ts'

/** What changes of streams work with. */
export interface Changing extends Upkeep {
  readonly streams: StreamStore
  /** How long a stream is UPDATING, in ms of clock time. */
  readonly stateDelayMs: number
}

/**
 * Changes a stream that is ACTIVE, which is UPDATING for a while then; it is not when `change` returns the very stream
 * it was given. Rejects with ResourceNotFoundException, ResourceInUseException, or what `change` throws.
 */
export async function updateStream(
  ports: Changing,
  ref: StreamRef,
  change: (stream: Stream, now: number) => Stream,
): Promise<Stream> {
  const { streams, clock, stateDelayMs, meters } = ports
  // What is due is done first: the document would else call the stream UPDATING for longer than it is.
  await streams.get(ref)
  const stream = await streams.change(ref, (current) => {
    const now = Math.floor(clock.now())
    const status = statusOf(current, now)
    if (status !== 'ACTIVE') throw streamNotActive(ref, String(status))
    const changed = change(current, now)
    return changed === current ? current : updating(changed, now + stateDelayMs)
  })
  meterStream(meters, ref, stream)
  await scheduleResharding(ports, ref, stream)
  return stream
}

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
