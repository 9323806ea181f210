import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogStore } from '../../src/engine/engine.ts'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import { uniformHashKeyRanges } from '../../src/kinesis/shards/hash-key.ts'
import { type Answer, boundKinesis, bytes, dataOf, iteratorOf } from './bound-kinesis.ts'

const HALF = String(2n ** 127n)

const put = (text: string, ExplicitHashKey = '0') => ({
  StreamName: 'orders',
  PartitionKey: 'a',
  Data: bytes(text),
  ExplicitHashKey,
})
const MAX = String(2n ** 128n - 1n)

async function withStream(ShardCount = 1, options: Parameters<typeof boundKinesis>[0] = {}) {
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

test('a shard is split: the stream is UPDATING, then the parent is closed and its children take over', async () => {
  const { call, clock, shards, status, split, ...bound } = await withStream(1, { stateDelayMs: 500 })
  await call('PutRecord', put('1'))
  await split()
  assert.equal(await status(), 'UPDATING')
  await call('PutRecord', put('2'))
  assert.equal((await shards()).length, 1)
  await clock.advance(500)
  assert.equal(await status(), 'ACTIVE')
  const [parent, lower, upper] = await shards()
  assert.deepEqual(lower.HashKeyRange, { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) })
  assert.deepEqual(upper.HashKeyRange, { StartingHashKey: HALF, EndingHashKey: MAX })
  assert.deepEqual([lower.ParentShardId, upper.ParentShardId], [parent.ShardId, parent.ShardId])
  const low = await call('PutRecord', put('3'))
  const high = await call('PutRecord', put('4', MAX))
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

test('the end of a shard is given with its last records and no sooner', async () => {
  const { call, split } = await withStream()
  for (const text of ['1', '2']) await call('PutRecord', put(text))
  await split()
  const first = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders'), Limit: 1 })
  assert.ok(first.NextShardIterator)
  assert.equal(first.ChildShards, undefined)
  const last = await call('GetRecords', { ShardIterator: first.NextShardIterator, Limit: 1 })
  assert.equal(last.NextShardIterator, undefined)
  assert.equal(last.ChildShards.length, 2)
})

test('adjacent shards are merged, the lower one named first', async () => {
  const { call, shards, refused } = await withStream(3)
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

test("what cannot be split is refused in AWS's words", async () => {
  const { refused, split, call } = await withStream(1, { stateDelayMs: 500 })
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

test("a stream is scaled uniformly, within AWS's limits", async () => {
  const { call, refused, open, clock } = await withStream(3, { limits: 'aws' })
  const to = (TargetShardCount: number) => ({
    StreamName: 'orders',
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  })
  const answer = await call('UpdateShardCount', to(5))
  assert.deepEqual([answer.CurrentShardCount, answer.TargetShardCount], [3, 5])
  assert.deepEqual(
    (await open()).map(({ HashKeyRange }) => HashKeyRange.StartingHashKey).toSorted(),
    uniformHashKeyRanges(5)
      .map(({ start }) => start)
      .toSorted(),
  )
  for (const [target, words] of [
    [11, 'UpdateShardCount cannot scale up over double'],
    [2, 'UpdateShardCount cannot scale down below half'],
  ] as const)
    assert.deepEqual(await refused('UpdateShardCount', to(target)), {
      code: 'LimitExceededException',
      message: `${words} your current open shard count. Current open shard count: 5 Target shard count: ${target}`,
    })
  assert.match(
    (await refused('UpdateShardCount', to(10_001))).message,
    /^Target shard count or number of open shards cannot be greater than 10000\. Current open shard count: 5 Target/,
  )
  for (let count = 1; count < 10; count++) {
    await clock.advance(60_000)
    await call('UpdateShardCount', to(count % 2 === 0 ? 5 : 4))
  }
  assert.match((await refused('UpdateShardCount', to(5))).message, /more than 10 times in 24 hours/)
  await clock.advance(24 * 3_600_000)
  await call('UpdateShardCount', to(5))
  assert.equal((await open()).length, 5)
})

test('closed shards are forgotten after the retention, at the next resharding', async () => {
  const { clock, shards, split, call } = await withStream()
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

test('what one gateway began, another one finishes, however far it came', async () => {
  for (const diesAfterSeals of [0, 1, 2]) {
    const one = boundKinesis({ stateDelayMs: 500 })
    let seals = 0
    const logs: LogStore = {
      ...one.logs,
      async seal(id) {
        if (seals >= diesAfterSeals) throw new Error('the process is gone')
        seals++
        return await one.logs.seal(id)
      },
    }
    const dying = boundKinesis({ stateDelayMs: 500, logs, metadata: one.metadata, clock: one.clock })
    await dying.call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
    await one.clock.advance(500)
    await dying.call('PutRecord', put('1'))
    const scale = { StreamName: 'orders', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }
    await dying.call('UpdateShardCount', scale)
    await one.clock.advance(500)
    one.errors.length = 0
    await recoverKinesis(one.kinesis)
    const last = await one.call('PutRecord', put('2'))
    const { Shards } = await one.call('ListShards', { StreamName: 'orders' })
    const open = Shards.filter((shard: Answer) => !shard.SequenceNumberRange.EndingSequenceNumber)
    assert.equal(open.length, 3, `after ${diesAfterSeals} seals`)
    assert.ok(open.some(({ ShardId }: Answer) => ShardId === last.ShardId))
    assert.deepEqual(await dataOf(one, 'orders', 'shardId-000000000000'), ['1'])
  }
})

test('a gateway that has not heard of a resharding puts its records into the children', async () => {
  const one = boundKinesis()
  const deaf = { ...one.metadata, watch() {} }
  const two = boundKinesis({ logs: one.logs, metadata: deaf, clock: one.clock })
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await two.call('PutRecord', put('0'))
  await one.call('SplitShard', {
    StreamName: 'orders',
    ShardToSplit: 'shardId-0',
    NewStartingHashKey: HALF,
  })
  await one.call('ListShards', { StreamName: 'orders' })
  const Records = ['1', '2', '3', '4'].map((text, index) => {
    const { StreamName: _, ...record } = put(text, index % 2 === 0 ? '0' : MAX)
    return record
  })
  const { FailedRecordCount, Records: results } = await two.call('PutRecords', {
    StreamName: 'orders',
    Records,
  })
  assert.equal(FailedRecordCount, 0)
  assert.deepEqual(
    results.map(({ ShardId }: Answer) => ShardId.at(-1)),
    ['1', '2', '1', '2'],
  )
  assert.deepEqual(await dataOf(one, 'orders', 'shardId-000000000001'), ['1', '3'])
  assert.deepEqual(await dataOf(one, 'orders', 'shardId-000000000002'), ['2', '4'])
})

test('puts that go on while a stream is scaled up and down keep their order and are all there', async () => {
  const { call, clock, shards } = await withStream(2)
  const keys = ['a', 'b', 'c', 'd', 'e']
  const puts: Promise<unknown>[] = []
  for (let round = 0; round < 12; round++) {
    for (const PartitionKey of keys)
      puts.push(
        call('PutRecord', { StreamName: 'orders', PartitionKey, Data: bytes(`${PartitionKey}${round}`) }),
      )
    if (round % 3 === 1)
      await call('UpdateShardCount', {
        StreamName: 'orders',
        TargetShardCount: [4, 3, 1, 2][(round - 1) / 3],
        ScalingType: 'UNIFORM_SCALING',
      })
    await Promise.all(puts)
    await clock.advance(10)
  }
  const seen = new Map(keys.map((key) => [key, [] as number[]]))
  for (const { ShardId } of await shards())
    for (const text of await dataOf({ call }, 'orders', ShardId))
      seen.get(text[0]!)!.push(Number(text.slice(1)))
  for (const [key, rounds] of seen) assert.deepEqual(rounds, [...Array(12).keys()], key)
})
