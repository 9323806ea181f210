import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { recoverKinesis } from '../../../src/kinesis/kinesis.ts'
import { type Answer, type boundKinesis, NOW } from '../bound-kinesis.ts'
import { HALF, withShards } from '../with-shards.ts'

const StreamName = 'orders'
const PARENT = 'shardId-000000000000'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const documentOf = async ({ metadata }: Pick<ReturnType<typeof boundKinesis>, 'metadata'>) =>
  (await metadata.list<Answer>({ prefix: 'kinesis/stream/' }))[0]!.value
const idsIn = (shards: readonly { readonly shardId: string }[]) => shards.map(({ shardId }) => shardId)

test('a shard that was closed for longer than its stream keeps records is nowhere any more, and given back', async () => {
  const world = await withShards(1)
  const { split, clock, shards, call, errors } = world
  await split()
  await clock.advance(DAY_MS)
  assert.equal((await shards()).length, 3)
  await clock.advance(1)
  assert.deepEqual(
    (await shards()).map(({ ShardId, ParentShardId }) => [ShardId, ParentShardId]),
    [
      ['shardId-000000000001', PARENT],
      ['shardId-000000000002', PARENT],
    ],
  )
  assert.deepEqual(idsIn((await documentOf(world)).shards), ['shardId-000000000001', 'shardId-000000000002'])
  const { StreamDescription } = await call('DescribeStream', { StreamName })
  assert.equal(StreamDescription.Shards.length, 2)
  await call('SplitShard', {
    StreamName,
    ShardToSplit: 'shardId-000000000001',
    NewStartingHashKey: String(2n ** 126n),
  })
  assert.deepEqual(
    (await shards()).map(({ ShardId }) => ShardId),
    [1, 2, 3, 4].map((index) => `shardId-00000000000${index}`),
  )
  assert.deepEqual(errors, [])
})

test('an iterator that was asked for before its shard expired finds it no more', async () => {
  const { split, clock, call, refused } = await withShards(1)
  await split()
  await clock.advance(DAY_MS)
  const place = { StreamName, ShardId: PARENT, ShardIteratorType: 'TRIM_HORIZON' }
  const { ShardIterator } = await call('GetShardIterator', place)
  await call('GetRecords', { ShardIterator })
  await clock.advance(1)
  assert.deepEqual(await refused('GetRecords', { ShardIterator }), {
    code: 'ResourceNotFoundException',
    message: `Shard ${PARENT} in stream orders under account 123456789012 does not exist`,
  })
})

test('a longer retention keeps closed shards for longer, a shorter one gives them back sooner', async () => {
  const world = await withShards(1)
  const { split, clock, shards, call } = world
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 72 })
  await split()
  await clock.advance(DAY_MS + 1)
  assert.equal((await shards()).length, 3)
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 96 })
  await clock.advance(3 * DAY_MS - 2)
  assert.equal((await shards()).length, 3)
  await call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 25 })
  assert.equal((await shards()).length, 2)
  await clock.advance(1)
  assert.equal((await documentOf(world)).shards.length, 2)
  // What has expired a longer retention does not bring back.
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 8_760 })
  assert.equal((await shards()).length, 2)
})

test('what expired while nobody was there is given back after the start', async () => {
  const world = await withShards(1)
  await world.split()
  world.clock.close()
  const clock = createClock({
    ...{ mode: 'manual', startAt: NOW + 3 * DAY_MS },
    onError: (error) => assert.fail(String(error)),
  })
  const told: string[] = []
  await recoverKinesis({
    ...world.kinesis,
    clock,
    expiries: new Map(),
    beforeExpiry: async (arn, { shards }, expired) => {
      // It is still there for whoever has to say that it missed something.
      assert.deepEqual(
        idsIn(shards),
        [1, 2, 3].map((index) => `shardId-00000000000${index - 1}`),
      )
      told.push(arn, ...expired)
    },
  })
  await clock.advance(0)
  assert.deepEqual(told, ['arn:aws:kinesis:eu-west-1:123456789012:stream/orders', PARENT])
  assert.equal((await documentOf(world)).shards.length, 2)
})

test('a stream that is resharded daily for a year stays small', async () => {
  const world = await withShards(1)
  const { call, clock, shards, open, errors, metadata } = world
  await call('RegisterStreamConsumer', {
    StreamARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    ConsumerName: 'app',
  })
  for (let day = 0; day < 365; day++) {
    const [one, other] = (await open()).map(({ ShardId }) => ShardId)
    if (other) await call('MergeShards', { StreamName, ShardToMerge: one, AdjacentShardToMerge: other })
    else await call('SplitShard', { StreamName, ShardToSplit: one, NewStartingHashKey: HALF })
    await clock.advance(DAY_MS)
  }
  assert.ok((await shards()).length <= 4)
  const document = await documentOf(world)
  assert.ok(document.shards.length <= 4)
  assert.ok(JSON.stringify(document).length < 16_384)
  assert.ok((await metadata.list({ prefix: '' })).length <= 4)
  assert.equal(world.kinesis.expiries.size, 1)
  assert.deepEqual(errors, [])
})
