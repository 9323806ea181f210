import { nothing, required, structure } from '../../service/shape.ts'
import { notWithOnDemand, shardNotEligible, shardsNotAdjacent } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { shardId, streamArn, streamId, streamName } from '../shapes.ts'
import { isOpen } from '../shards/shard.ts'
import { updateStream } from '../streams/changes.ts'
import { checkShardId, namedShard, requestedStream } from '../streams/requested.ts'
import { reshard, startsOf } from '../streams/resharding.ts'
import { openShardsOf } from '../streams/stream.ts'

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
  output: nothing,
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    for (const given of [input.ShardToMerge, input.AdjacentShardToMerge]) checkShardId(ref, given)
    await updateStream(kinesis, ref, (stream, now) => {
      if (stream.mode === 'ON_DEMAND') throw notWithOnDemand(ref)
      const lower = namedShard(ref, stream, input.ShardToMerge, now)
      const upper = namedShard(ref, stream, input.AdjacentShardToMerge, now)
      for (const one of [lower, upper]) if (!isOpen(one)) throw shardNotEligible(ref, one.shardId)
      // The other way round AWS does not call them adjacent either.
      if (BigInt(lower.hashKeyRange.end) + 1n !== BigInt(upper.hashKeyRange.start))
        throw shardsNotAdjacent(ref, lower.shardId, upper.shardId)
      const starts = startsOf(openShardsOf(stream)).filter((start) => start !== upper.hashKeyRange.start)
      return reshard(stream, { starts })
    })
    return {}
  },
})
