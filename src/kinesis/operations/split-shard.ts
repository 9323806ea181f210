import { nothing, required, structure } from '../../service/shape.ts'
import { invalidSplit, notWithOnDemand, shardNotEligible } from '../exceptions/streams.ts'
import { operation } from '../kinesis.ts'
import { checkShardLimit } from '../limits/quotas.ts'
import { hashKey, shardId, streamArn, streamId, streamName } from '../shapes.ts'
import { isOpen } from '../shards/shard.ts'
import { updateStream } from '../streams/changes.ts'
import { checkShardId, namedShard, requestedStream } from '../streams/requested.ts'
import { reshard, startsOf } from '../streams/resharding.ts'
import { openShardsOf } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html */
export const splitShard = operation({
  name: 'SplitShard',
  input: structure({
    StreamName: streamName,
    ShardToSplit: required(shardId),
    NewStartingHashKey: required(hashKey),
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: nothing,
  async handle(kinesis, input, caller) {
    const ref = requestedStream(input, caller)
    checkShardId(ref, input.ShardToSplit)
    await checkShardLimit(kinesis, ref, 1)
    await updateStream(kinesis, ref, (stream, now) => {
      if (stream.mode === 'ON_DEMAND') throw notWithOnDemand(ref)
      const shard = namedShard(ref, stream, input.ShardToSplit, now)
      if (!isOpen(shard)) throw shardNotEligible(ref, shard.shardId)
      const at = BigInt(input.NewStartingHashKey)
      const { start, end } = shard.hashKeyRange
      if (at <= BigInt(start) + 1n || at >= BigInt(end))
        throw invalidSplit(ref, shard, input.NewStartingHashKey)
      const starts = startsOf(openShardsOf(stream))
      return reshard(stream, { starts: starts.toSpliced(starts.indexOf(start) + 1, 0, String(at)) })
    })
    return {}
  },
})
