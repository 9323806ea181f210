import { parseHashKey } from './hash-key.ts'
import { isOpen, type Shard } from './shard.ts'

/** Finds the open shard whose hash key range holds a key. */
export type ShardRouter = (hashKey: Uint8Array) => Shard

/** The open shards' ranges together hold every key, so only their starts are compared. */
export function createShardRouter(shards: readonly Shard[]): ShardRouter {
  const routes = shards
    .filter(isOpen)
    .map((shard) => ({ shard, start: parseHashKey(shard.hashKeyRange.start)! }))
    .sort((a, b) => Buffer.compare(a.start, b.start))
  return (hashKey) => {
    let low = 0
    let high = routes.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (Buffer.compare(routes[middle]!.start, hashKey) <= 0) low = middle
      else high = middle - 1
    }
    return routes[low]!.shard
  }
}
