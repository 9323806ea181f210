import { boolean, integer, list, required, string, structure, timestamp } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import {
  encryptionType,
  enhancedMonitoring,
  limit,
  shard,
  shardId,
  streamArn,
  streamId,
  streamModeDetails,
  streamName,
  streamStatus,
} from '../shapes.ts'
import { described, describedShard, shardsAfter } from '../streams/description.ts'
import { requestedStream } from '../streams/requested.ts'
import { statusOf, visibleShardsOf } from '../streams/stream.ts'

/** Shards in an answer at most, and if no limit is given. */
const MAX_SHARDS = 100

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html */
export const describeStream = operation({
  name: 'DescribeStream',
  input: structure({
    StreamName: streamName,
    Limit: limit,
    ExclusiveStartShardId: shardId,
    StreamARN: streamArn,
    StreamId: streamId,
  }),
  output: structure({
    StreamDescription: required(
      structure({
        StreamName: required(streamName),
        StreamARN: required(streamArn),
        StreamStatus: required(streamStatus),
        StreamModeDetails: streamModeDetails,
        Shards: required(list(shard)),
        HasMoreShards: required(boolean()),
        RetentionPeriodHours: required(integer()),
        StreamCreationTimestamp: required(timestamp()),
        EnhancedMonitoring: required(enhancedMonitoring),
        EncryptionType: encryptionType,
        KeyId: string({ min: 1, max: 2_048 }),
      }),
    ),
  }),
  async handle({ streams, clock }, input, caller) {
    const found = await streams.get(requestedStream(input, caller))
    const now = clock.now()
    // A stream that is being deleted shows none, though they can be listed.
    const visible = statusOf(found.stream, now) === 'DELETING' ? [] : visibleShardsOf(found.stream, now)
    const shards = shardsAfter(visible, input.ExclusiveStartShardId)
    const count = Math.min(input.Limit ?? MAX_SHARDS, MAX_SHARDS)
    return {
      StreamDescription: {
        ...described(found, now),
        Shards: shards.slice(0, count).map(describedShard),
        HasMoreShards: shards.length > count,
      },
    }
  },
})
