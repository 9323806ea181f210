import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, NOW } from './bound-kinesis.ts'

test('streams are listed in pages by name or token, and a token expires', async () => {
  const { call, clock, refused } = boundKinesis()
  const names = ['a', 'b', 'b-1', 'c', 'd']
  for (const StreamName of names) await call('CreateStream', { StreamName, ShardCount: 1 })
  const first = await call('ListStreams', { Limit: 2 })
  assert.deepEqual([first.StreamNames, first.HasMoreStreams], [['a', 'b'], true])
  const second = await call('ListStreams', { Limit: 2, NextToken: first.NextToken })
  assert.deepEqual([second.StreamNames, second.HasMoreStreams], [['b-1', 'c'], true])
  const last = await call('ListStreams', { ExclusiveStartStreamName: 'c' })
  assert.deepEqual([last.StreamNames, last.HasMoreStreams, last.NextToken], [['d'], false, undefined])
  await clock.advance(300_001)
  const expired = await refused('ListStreams', { NextToken: first.NextToken })
  assert.equal(expired.code, 'ExpiredNextTokenException')
  assert.equal((await refused('ListStreams', { NextToken: 'nonsense' })).code, 'InvalidArgumentException')
})

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
