import { shardNotFound, shardNotResolved } from './exceptions.ts'
import { type Shard, shardIdOf, shardIndexOf } from './shard.ts'
import { type Stream, shardAt } from './stream.ts'
import type { StreamRef } from './stream-ref.ts'

/** The shard that a request names; throws ResourceNotFoundException. */
export function namedShard(ref: StreamRef, stream: Stream, given: string): Shard {
  const index = shardIndexOf(given)
  if (index === undefined) throw shardNotResolved(ref, given)
  const shard = shardAt(stream, index)
  if (!shard) throw shardNotFound(ref, shardIdOf(index))
  return shard
}
