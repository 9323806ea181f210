import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dataOf, iteratorOf } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { HALF, MAX, putOf, withShards } from './with-shards.ts'

test('a shard is split: the stream is UPDATING, then the parent is closed and its children take over', async () => {
  const { call, clock, shards, status, split, ...bound } = await withShards(1, { stateDelayMs: 500 })
  await call('PutRecord', putOf('1'))
  await split()
  assert.equal(await status(), 'UPDATING')
  await call('PutRecord', putOf('2'))
  assert.equal((await shards()).length, 1)
  await clock.advance(500)
  assert.equal(await status(), 'ACTIVE')
  const [parent, lower, upper] = await shards()
  assert.deepEqual(lower.HashKeyRange, { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) })
  assert.deepEqual(upper.HashKeyRange, { StartingHashKey: HALF, EndingHashKey: MAX })
  assert.deepEqual([lower.ParentShardId, upper.ParentShardId], [parent.ShardId, parent.ShardId])
  const low = await call('PutRecord', putOf('3'))
  const high = await call('PutRecord', putOf('4', MAX))
  assert.deepEqual([low.ShardId, high.ShardId], [lower.ShardId, upper.ShardId])
  const ending = parent.SequenceNumberRange.EndingSequenceNumber
  assert.ok(BigInt(low.SequenceNumber) > BigInt(ending))
  const read = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders') })
  assert.equal(read.Records.length, 2)
  assert.equal(read.NextShardIterator, undefined)
  assert.deepEqual(read.ChildShards, [
    { ShardId: lower.ShardId, ParentShards: [parent.ShardId], HashKeyRange: lower.HashKeyRange },
    { ShardId: upper.ShardId, ParentShards: [parent.ShardId], HashKeyRange: upper.HashKeyRange },
  ])
  assert.deepEqual(await dataOf({ call }, 'orders', lower.ShardId), ['3'])
  assert.deepEqual(bound.errors, [])
})

test('what is split again and again within one second is numbered behind its parents all the same', async () => {
  const { split, shards } = await withShards()
  for (let bits = 127n; bits > 120n; bits--) await split((await shards()).at(-2)?.ShardId, String(2n ** bits))
  const all = await shards()
  assert.equal(all.length, 15)
  for (const { ParentShardId, SequenceNumberRange } of all.slice(1)) {
    const parent = all.find(({ ShardId }) => ShardId === ParentShardId)
    const end = parent.SequenceNumberRange.EndingSequenceNumber
    assert.ok(BigInt(SequenceNumberRange.StartingSequenceNumber) > BigInt(end))
  }
})

test("what cannot be split is refused in AWS's words", async () => {
  const { refused, split, call } = await withShards(1, { stateDelayMs: 500 })
  const question = (ShardToSplit: string, NewStartingHashKey: string) => ({
    StreamName: 'orders',
    ShardToSplit,
    NewStartingHashKey,
  })
  assert.deepEqual(await refused('SplitShard', question('shardId-5', HALF)), {
    code: 'ResourceNotFoundException',
    message: 'Could not find shard shardId-000000000005 in stream orders under account 123456789012.',
  })
  const nonsense = { ...question('2.14E4', HALF), StreamName: 'none' }
  assert.deepEqual(await refused('SplitShard', nonsense), {
    code: 'ResourceNotFoundException',
    message: 'Could not find shard 2.14E4 in stream none under account 123456789012.',
  })
  for (const key of ['0', '1', MAX])
    assert.deepEqual(await refused('SplitShard', question('shardId-000000000000', key)), {
      code: 'InvalidArgumentException',
      message:
        `NewStartingHashKey ${key} used in SplitShard() on shard shardId-000000000000 in stream orders under account ` +
        "123456789012 is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's " +
        `EndingHashKey ${MAX}.`,
    })
  await split()
  assert.deepEqual(await refused('SplitShard', question('shardId-000000000000', HALF)), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 not ACTIVE, instead in state UPDATING',
  })
  assert.equal((await refused('DeleteStream', { StreamName: 'orders' })).code, 'ResourceInUseException')
  await call('DescribeStreamSummary', { StreamName: 'orders' })
})

test('SplitShard wants a stream that is ACTIVE', async () => {
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF }
  await assertWantsStream('SplitShard', split)
  await assertWantsActive('SplitShard', { StreamName: 'orders', ...split })
})
