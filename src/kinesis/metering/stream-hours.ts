import type { AgeTier, Meters } from '../../metrics/meters.ts'
import type { WithConsumers } from '../consumers/consumer.ts'
import { isOpen, type Shard } from '../shards/shard.ts'
import { arnOf, groupOf, type StreamRef } from '../stream-ref.ts'

/** For so long the price of a shard, or what was put, has the records kept. */
const INCLUDED_HOURS = 24

/** From this age on records are long-term data, which AWS bills by the gigabyte. */
export const LONG_TERM_HOURS = 168

/** The document of a stream, as far as AWS bills by it. */
export interface BilledStream extends WithConsumers {
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
