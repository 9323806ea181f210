import type { AgeTier, Meters } from '../../metrics/meters.ts'
import { arnOf, groupOf, type StreamRef } from '../stream-ref.ts'
import { DEFAULT_RETENTION_HOURS, LONG_TERM_HOURS } from '../streams/retention.ts'
import { openShardsOf, type Stream } from '../streams/stream.ts'

/**
 * Until a stream is deleted AWS bills by the hour: an on-demand stream as a whole; of a provisioned one its shards, those
 * shards again while records are kept for longer than a day, and every consumer for each of them. What is kept it bills by
 * the gigabyte: in an on-demand stream from a day on, in every stream from seven days on. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function meterStream(meters: Meters, ref: StreamRef, stream: Stream): void {
  const isBilled = stream.passing?.status !== 'DELETING'
  const isOnDemand = stream.mode === 'ON_DEMAND'
  const shards = isBilled && !isOnDemand ? openShardsOf(stream).length : 0
  const consumers = stream.consumers.filter(({ passing }) => passing?.status !== 'DELETING').length
  const isExtended = stream.retentionPeriodHours > DEFAULT_RETENTION_HOURS
  meters.run('kinesis-shard-hours', arnOf(ref), shards)
  meters.run('kinesis-extended-retention-shard-hours', arnOf(ref), isExtended ? shards : 0)
  meters.run('kinesis-fan-out-shard-hours', arnOf(ref), consumers * shards)
  meters.run('kinesis-on-demand-stream-hours', arnOf(ref), isBilled && isOnDemand ? 1 : 0)
  const group = groupOf(ref, stream.creationId)
  meters.retain(group, isBilled ? stream.retentionPeriodHours : 0, tiersOf(stream))
}

function tiersOf({ mode, retentionPeriodHours: hours }: Stream): AgeTier[] {
  const extended = {
    meter: 'kinesis-on-demand-extended-retention-byte-hours',
    fromHours: DEFAULT_RETENTION_HOURS,
    untilHours: Math.min(hours, LONG_TERM_HOURS),
  } as const
  const longTerm = {
    meter: 'kinesis-long-term-retention-byte-hours',
    fromHours: LONG_TERM_HOURS,
    untilHours: hours,
  } as const
  return mode === 'ON_DEMAND' ? [extended, longTerm] : [longTerm]
}
