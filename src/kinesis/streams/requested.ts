import { shardNotResolved } from '../exceptions/exceptions.ts'
import { type Shard, shardIdOf, shardIndexOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import { type Stream, shardAt } from './stream.ts'

/** Throws ResourceNotFoundException for a text that cannot name any shard, which AWS sees before it looks for the stream. */
export function checkShardId(ref: StreamRef, given: string): void {
  if (shardIndexOf(given) === undefined) throw shardNotResolved(ref, given)
}

/** The shard that a request names; throws ResourceNotFoundException. */
export function namedShard(ref: StreamRef, stream: Stream, given: string): Shard {
  const index = shardIndexOf(given)
  const shard = index === undefined ? undefined : shardAt(stream, index)
  if (!shard) throw shardNotResolved(ref, index === undefined ? given : shardIdOf(index))
  return shard
}
