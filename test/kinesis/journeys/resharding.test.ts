import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogStore } from '../../../src/engine/ports/engine.ts'
import { recoverKinesis } from '../../../src/kinesis/kinesis.ts'
import { type Answer, boundKinesis, bytes, dataOf } from '../bound-kinesis.ts'
import { HALF, MAX, putOf, withShards } from '../with-shards.ts'

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
    await dying.call('PutRecord', putOf('1'))
    const scale = { StreamName: 'orders', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' }
    await dying.call('UpdateShardCount', scale)
    await one.clock.advance(500)
    one.errors.length = 0
    await recoverKinesis(one.kinesis)
    const last = await one.call('PutRecord', putOf('2'))
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
  await two.call('PutRecord', putOf('0'))
  await one.call('SplitShard', {
    StreamName: 'orders',
    ShardToSplit: 'shardId-0',
    NewStartingHashKey: HALF,
  })
  await one.call('ListShards', { StreamName: 'orders' })
  const Records = ['1', '2', '3', '4'].map((text, index) => {
    const { StreamName: _, ...record } = putOf(text, index % 2 === 0 ? '0' : MAX)
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
  const { call, clock, shards } = await withShards(2)
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
