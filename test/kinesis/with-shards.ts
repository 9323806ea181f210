import { type Answer, boundKinesis, bytes } from './bound-kinesis.ts'

export const HALF = String(2n ** 127n)
export const MAX = String(2n ** 128n - 1n)

export const putOf = (text: string, ExplicitHashKey = '0') => ({
  StreamName: 'orders',
  PartitionKey: 'a',
  Data: bytes(text),
  ExplicitHashKey,
})

/** Kinesis with one stream of `ShardCount` shards that is ACTIVE, for those who split and merge them. */
export async function withShards(ShardCount = 1, options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  await bound.call('CreateStream', { StreamName: 'orders', ShardCount })
  await bound.clock.advance(1_000)
  const shards = async () => (await bound.call('ListShards', { StreamName: 'orders' })).Shards as Answer[]
  const open = async () => (await shards()).filter((shard) => !shard.SequenceNumberRange.EndingSequenceNumber)
  const status = async () =>
    (await bound.call('DescribeStreamSummary', { StreamName: 'orders' })).StreamDescriptionSummary
      .StreamStatus
  const split = (ShardToSplit = 'shardId-000000000000', NewStartingHashKey = HALF) =>
    bound.call('SplitShard', { StreamName: 'orders', ShardToSplit, NewStartingHashKey })
  return { ...bound, shards, open, status, split }
}
