import type { Meters } from '../metrics/meters.ts'
import { DEFAULT_RETENTION_HOURS } from './retention.ts'
import { openShardsOf, type Stream } from './stream.ts'
import { arnOf, type StreamRef } from './stream-ref.ts'

/**
 * AWS bills the shards of provisioned streams by the hour until the stream is deleted, and what is kept for longer than
 * a day besides. https://aws.amazon.com/kinesis/data-streams/pricing/
 */
export function meterStream(meters: Meters, ref: StreamRef, stream: Stream): void {
  const isBilled = stream.mode === 'PROVISIONED' && stream.passing?.status !== 'DELETING'
  const shards = isBilled ? openShardsOf(stream).length : 0
  const consumers = stream.consumers.filter(({ passing }) => passing?.status !== 'DELETING').length
  const readable = stream.passing?.status === 'DELETING' ? 0 : openShardsOf(stream).length
  const isExtended = stream.retentionPeriodHours > DEFAULT_RETENTION_HOURS
  meters.run('kinesis-shard-hours', arnOf(ref), shards)
  meters.run('kinesis-extended-retention-shard-hours', arnOf(ref), isExtended ? shards : 0)
  meters.run('kinesis-fan-out-shard-hours', arnOf(ref), consumers * readable)
}
