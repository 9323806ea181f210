import { shardFilterNeeds } from '../exceptions/shards.ts'
import { isOpen, type Shard } from '../shards/shard.ts'
import { trimHorizonOf } from './retention.ts'
import type { Stream } from './stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
export interface ShardFilter {
  readonly Type:
    | 'AFTER_SHARD_ID'
    | 'AT_TRIM_HORIZON'
    | 'FROM_TRIM_HORIZON'
    | 'AT_LATEST'
    | 'AT_TIMESTAMP'
    | 'FROM_TIMESTAMP'
  readonly ShardId?: string | undefined
  readonly Timestamp?: number | undefined
}

/** The shards that are not expired and that the filter lets through; throws InvalidArgumentException. */
export function filterShards(stream: Stream, filter: ShardFilter | undefined, now: number): Shard[] {
  const horizon = trimHorizonOf(stream, now)
  const passes = predicateOf(filter, horizon)
  return stream.shards.filter((shard) => livedUntil(shard) >= horizon && passes(shard))
}

const livedUntil = ({ closed }: Shard) => closed?.at ?? Number.POSITIVE_INFINITY

function predicateOf(filter: ShardFilter | undefined, horizon: number): (shard: Shard) => boolean {
  switch (filter?.Type) {
    case undefined:
    case 'FROM_TRIM_HORIZON':
      return () => true
    case 'AT_LATEST':
      return isOpen
    case 'AT_TRIM_HORIZON':
      return openAt(horizon)
    case 'AT_TIMESTAMP':
      return openAt(Math.max(timestampOf(filter), horizon))
    case 'FROM_TIMESTAMP': {
      const from = timestampOf(filter)
      return (shard) => livedUntil(shard) >= from
    }
    case 'AFTER_SHARD_ID': {
      const { ShardId } = filter
      if (ShardId === undefined) throw shardFilterNeeds(filter.Type, 'ShardId')
      return ({ shardId }) => shardId > ShardId
    }
  }
}

const openAt = (time: number) => (shard: Shard) => shard.createdAt <= time && livedUntil(shard) >= time

function timestampOf({ Type, Timestamp }: ShardFilter): number {
  if (Timestamp === undefined) throw shardFilterNeeds(Type, 'Timestamp')
  return Timestamp
}
