import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, iteratorOf } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { withShards } from './with-shards.ts'

test('adjacent shards are merged, the lower one named first', async () => {
  const { call, shards, refused } = await withShards(3)
  const merge = (ShardToMerge: number, AdjacentShardToMerge: number) => ({
    StreamName: 'orders',
    ShardToMerge: `shardId-${ShardToMerge}`,
    AdjacentShardToMerge: `shardId-${AdjacentShardToMerge}`,
  })
  for (const [one, other] of [
    [0, 2],
    [1, 0],
  ] as const)
    assert.deepEqual(await refused('MergeShards', merge(one, other)), {
      code: 'InvalidArgumentException',
      message:
        `Shards shardId-00000000000${one} and shardId-00000000000${other} in stream orders under account 123456789012 ` +
        'are not an adjacent pair of shards eligible for merging',
    })
  await call('MergeShards', merge(0, 1))
  const child = (await shards()).at(-1)
  assert.equal(child.ParentShardId, 'shardId-000000000000')
  assert.equal(child.AdjacentParentShardId, 'shardId-000000000001')
  assert.equal(child.HashKeyRange.StartingHashKey, '0')
  const read = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders') })
  assert.deepEqual(read.ChildShards[0].ParentShards, ['shardId-000000000000', 'shardId-000000000001'])
  assert.deepEqual(await refused('MergeShards', merge(1, 2)), {
    code: 'InvalidArgumentException',
    message:
      'Shard shardId-000000000001 in stream orders under account 123456789012 has already been merged or split, and thus ' +
      'is not eligible for merging or splitting.',
  })
})

test('closed shards are forgotten after the retention, at the next resharding', async () => {
  const { clock, shards, split, call } = await withShards()
  await split()
  await clock.advance(25 * 3_600_000)
  assert.deepEqual(
    (await shards()).map(({ ShardId }) => ShardId),
    ['shardId-000000000001', 'shardId-000000000002'],
  )
  await call('MergeShards', {
    StreamName: 'orders',
    ShardToMerge: 'shardId-1',
    AdjacentShardToMerge: 'shardId-2',
  })
  const { StreamDescription } = await call('DescribeStream', { StreamName: 'orders' })
  assert.deepEqual(
    StreamDescription.Shards.map(({ ShardId }: Answer) => ShardId),
    ['shardId-000000000001', 'shardId-000000000002', 'shardId-000000000003'],
  )
})

test('MergeShards wants a stream that is ACTIVE, and shards that there are', async () => {
  const shards = { ShardToMerge: 'shardId-000000000000', AdjacentShardToMerge: 'shardId-000000000001' }
  await assertWantsStream('MergeShards', shards)
  await assertWantsActive('MergeShards', { StreamName: 'orders', ...shards })
  const { refused } = await withShards(2)
  for (const [given, named] of [
    ['shardId-5', 'shardId-000000000005'],
    ['nonsense', 'nonsense'],
  ] as const)
    assert.deepEqual(
      await refused('MergeShards', { StreamName: 'orders', ...shards, AdjacentShardToMerge: given }),
      {
        code: 'ResourceNotFoundException',
        message: `Could not find shard ${named} in stream orders under account 123456789012.`,
      },
    )
})
