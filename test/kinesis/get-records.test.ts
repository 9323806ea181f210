import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arnOf, groupOf, keyOf } from '../../src/kinesis/stream-ref.ts'
import type { Stream } from '../../src/kinesis/streams/stream.ts'
import { iteratorOf, NOW } from './bound-kinesis.ts'
import { putOf, withShards } from './with-shards.ts'
import { REF, textsOf, withStream } from './with-stream.ts'

test('a reader goes on from iterator to iterator, and can repeat one', async () => {
  const { put, call, clock } = await withStream()
  const bound = { call }
  for (const text of ['1', '2', '3']) {
    await put(text)
    await clock.advance(1_000)
  }
  const ShardIterator = await iteratorOf(bound, 'orders')
  const first = await call('GetRecords', { ShardIterator, Limit: 2 })
  assert.deepEqual(textsOf(first.Records), ['1', '2'])
  assert.equal(first.MillisBehindLatest, 2_000)
  const second = await call('GetRecords', { ShardIterator: first.NextShardIterator })
  assert.deepEqual([textsOf(second.Records), second.MillisBehindLatest], [['3'], 0])
  const third = await call('GetRecords', { ShardIterator: second.NextShardIterator })
  assert.deepEqual([third.Records, third.MillisBehindLatest], [[], 0])
  await put('4')
  const fourth = await call('GetRecords', { ShardIterator: third.NextShardIterator })
  assert.deepEqual(textsOf(fourth.Records), ['4'])
  const again = await call('GetRecords', { ShardIterator: `"${first.NextShardIterator}"` })
  assert.deepEqual(textsOf(again.Records), ['3', '4'])
})

test('an iterator does not outlive five minutes, nor its stream', async () => {
  const { call, clock, refused } = await withStream()
  const ShardIterator = await iteratorOf({ call }, 'orders')
  await clock.advance(300_000)
  await call('GetRecords', { ShardIterator })
  await clock.advance(1)
  assert.equal((await refused('GetRecords', { ShardIterator })).code, 'ExpiredIteratorException')
  const fresh = await iteratorOf({ call }, 'orders')
  const elsewhere = { ShardIterator: fresh, StreamARN: arnOf({ ...REF, streamName: 'other' }) }
  assert.equal((await refused('GetRecords', elsewhere)).message, 'Invalid ShardIterator.')
  await call('DeleteStream', { StreamName: 'orders' })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  assert.deepEqual(await refused('GetRecords', { ShardIterator: fresh }), {
    code: 'ResourceNotFoundException',
    message: 'Shard shardId-000000000000 in stream orders under account 123456789012 does not exist',
  })
})

test('records are gone after the retention', async () => {
  const { put, read, clock } = await withStream()
  const { SequenceNumber } = await put('old')
  await clock.advance(24 * 3_600_000 - 1)
  await put('new')
  assert.deepEqual(textsOf((await read()).Records), ['old', 'new'])
  await clock.advance(2)
  assert.deepEqual(textsOf((await read()).Records), ['new'])
  const place = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber }
  assert.deepEqual(textsOf((await read(place)).Records), ['new'])
})

test('the end of a closed shard names its children, and only the end', async () => {
  const { put, call, logs, metadata } = await withStream()
  await put('1')
  await put('2')
  const { value, revision } = (await metadata.get<Stream>(keyOf(REF)))!
  const [parent] = value.shards
  const position = await logs.seal({ group: groupOf(REF, value.creationId), log: parent!.shardId })
  const born = { createdAt: NOW, parentShardId: parent!.shardId }
  const half = 2n ** 127n
  const changed: Stream = {
    ...value,
    shards: [
      { ...parent!, closed: { at: NOW, position } },
      { ...born, shardId: 'shardId-000000000001', hashKeyRange: { start: '0', end: String(half - 1n) } },
      {
        ...born,
        shardId: 'shardId-000000000002',
        hashKeyRange: { start: String(half), end: String(2n ** 128n - 1n) },
      },
    ],
  }
  await metadata.commit([{ put: keyOf(REF), value: changed, expect: revision }])
  const first = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders'), Limit: 1 })
  assert.equal(first.ChildShards, undefined)
  const last = await call('GetRecords', { ShardIterator: first.NextShardIterator })
  assert.deepEqual(textsOf(last.Records), ['2'])
  assert.equal(last.NextShardIterator, undefined)
  assert.deepEqual(last.ChildShards, [
    {
      ShardId: 'shardId-000000000001',
      ParentShards: ['shardId-000000000000'],
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) },
    },
    {
      ShardId: 'shardId-000000000002',
      ParentShards: ['shardId-000000000000'],
      HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(2n ** 128n - 1n) },
    },
  ])
  assert.equal((await put('3', { ExplicitHashKey: '0' })).ShardId, 'shardId-000000000001')
  const { Shards } = await call('ListShards', { StreamName: 'orders' })
  assert.equal(Shards[0].SequenceNumberRange.EndingSequenceNumber.length, 56)
  assert.equal(Shards[1].ParentShardId, 'shardId-000000000000')
})

test('the end of a shard is given with its last records and no sooner', async () => {
  const { call, split } = await withShards()
  for (const text of ['1', '2']) await call('PutRecord', putOf(text))
  await split()
  const first = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders'), Limit: 1 })
  assert.ok(first.NextShardIterator)
  assert.equal(first.ChildShards, undefined)
  const last = await call('GetRecords', { ShardIterator: first.NextShardIterator, Limit: 1 })
  assert.equal(last.NextShardIterator, undefined)
  assert.equal(last.ChildShards.length, 2)
})

test('a shard is read five times a second', async () => {
  const { call, clock, refused } = await withStream({ limits: 'aws' })
  const ShardIterator = await iteratorOf({ call }, 'orders')
  for (let count = 0; count < 5; count++) await call('GetRecords', { ShardIterator })
  assert.deepEqual(await refused('GetRecords', { ShardIterator }), {
    code: 'ProvisionedThroughputExceededException',
    message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.',
  })
  await clock.advance(1_000)
  await call('GetRecords', { ShardIterator })
  assert.deepEqual(await refused('GetRecords', { ShardIterator: 'nonsense' }), {
    code: 'InvalidArgumentException',
    message: 'Invalid ShardIterator.',
  })
})
