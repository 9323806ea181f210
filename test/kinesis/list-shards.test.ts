import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, NOW } from './bound-kinesis.ts'

test('shards are described and listed in pages', async () => {
  const { call, refused } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 120 })
  const { StreamDescription } = await call('DescribeStream', { StreamName: 'orders' })
  assert.deepEqual([StreamDescription.Shards.length, StreamDescription.HasMoreShards], [100, true])
  const rest = await call('DescribeStream', {
    StreamName: 'orders',
    ExclusiveStartShardId: StreamDescription.Shards.at(-1).ShardId,
  })
  assert.deepEqual([rest.StreamDescription.Shards.length, rest.StreamDescription.HasMoreShards], [20, false])
  const page = await call('ListShards', { StreamName: 'orders', MaxResults: 70 })
  const next = await call('ListShards', { NextToken: page.NextToken })
  assert.deepEqual([page.Shards.length, next.Shards.length, next.NextToken], [70, 50, undefined])
  assert.equal(next.Shards[0].ShardId, 'shardId-000000000070')
  const both = { StreamName: 'orders', NextToken: page.NextToken }
  assert.equal(
    (await refused('ListShards', both)).message,
    'NextToken and StreamName cannot be provided together.',
  )
  assert.equal(
    (await refused('ListShards', {})).message,
    'Either NextToken or StreamName should be provided.',
  )
  const earlier = { StreamName: 'orders', StreamCreationTimestamp: NOW - 5_000 }
  assert.deepEqual(await refused('ListShards', earlier), {
    code: 'ResourceNotFoundException',
    message: 'Stream orders under account 123456789012 not found.',
  })
})

test('ListShards wants a stream or a token, and a filter with what its type needs', async () => {
  const { call, refused } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  const { NextToken } = await call('ListShards', { StreamName: 'orders', MaxResults: 1 })
  for (const [input, message] of [
    [
      { NextToken, ExclusiveStartShardId: 'a' },
      'NextToken and ExclusiveStartShardId cannot be provided together.',
    ],
    [
      { NextToken, StreamCreationTimestamp: NOW },
      'NextToken and StreamCreationTimestamp cannot be provided together.',
    ],
    [
      { NextToken, ShardFilter: { Type: 'AT_LATEST' } },
      'NextToken and ShardFilter cannot be provided together.',
    ],
    [{ NextToken: 'nonsense' }, 'Invalid NextToken.'],
    [
      { StreamName: 'orders', ShardFilter: { Type: 'AT_TIMESTAMP' } },
      'ShardFilter of type AT_TIMESTAMP needs the parameter Timestamp.',
    ],
    [
      { StreamName: 'orders', ShardFilter: { Type: 'AFTER_SHARD_ID' } },
      'ShardFilter of type AFTER_SHARD_ID needs the parameter ShardId.',
    ],
    [
      {
        StreamName: 'orders',
        ExclusiveStartShardId: 'a',
        ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: 'b' },
      },
      'ShardFilter of type AFTER_SHARD_ID cannot be combined with the parameter ExclusiveStartShardId.',
    ],
  ] as const)
    assert.deepEqual(await refused('ListShards', input), { code: 'InvalidArgumentException', message })
  assert.deepEqual(await refused('ListShards', { StreamName: 'nothing' }), {
    code: 'ResourceNotFoundException',
    message: 'Stream nothing under account 123456789012 not found.',
  })
})
