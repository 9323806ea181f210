import { required, structure } from '../../service/shape.ts'
import { updateStream } from '../change-stream.ts'
import { shardNotEligible, shardsNotAdjacent } from '../exceptions.ts'
import { operation } from '../kinesis.ts'
import { namedShard } from '../named-shard.ts'
import { reshard, startsOf } from '../resharding.ts'
import { shardId, streamArn, streamId, streamName } from '../shapes.ts'
import { isOpen, type Shard } from '../shard.ts'
import { openShardsOf } from '../stream.ts'
import { requestedStream } from '../stream-ref.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html */
export const mergeShards = operation({
  name: 'MergeShards',
  input: structure({
    StreamName: streamName,
    ShardToMerge: required(shardId),
    AdjacentShardToMerge: required(shardId),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({}),
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    await updateStream(kinesis, ref, (stream) => {
      const shard = namedShard(ref, stream, input.ShardToMerge)
      const adjacent = namedShard(ref, stream, input.AdjacentShardToMerge)
      for (const one of [shard, adjacent]) if (!isOpen(one)) throw shardNotEligible(ref, one.shardId)
      const upper = upperOf(shard, adjacent) ?? upperOf(adjacent, shard)
      if (!upper) throw shardsNotAdjacent(ref, shard.shardId, adjacent.shardId)
      const starts = startsOf(openShardsOf(stream)).filter((start) => start !== upper.hashKeyRange.start)
      return reshard(stream, { starts, parentShardId: shard.shardId })
    })
    return {}
  },
})

/** The second of the two, if it follows the first. */
const upperOf = (lower: Shard, upper: Shard): Shard | undefined =>
  BigInt(lower.hashKeyRange.end) + 1n === BigInt(upper.hashKeyRange.start) ? upper : undefined
