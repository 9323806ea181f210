import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  EngineError,
  type EngineErrorCode,
  isEngineError,
  type LogStore,
  type MetadataStore,
} from '../../../src/engine/ports/engine.ts'
import { type Answer, boundKinesis, bytes, iteratorOf } from '../bound-kinesis.ts'

const put = (text: string, more: object = {}) => ({
  StreamName: 'orders',
  PartitionKey: 'a',
  Data: bytes(text),
  ...more,
})

/** Two processes on one engine; the second is also what the first is after a restart. */
function twoGateways() {
  const one = boundKinesis()
  return { one, two: boundKinesis({ logs: one.logs, metadata: one.metadata, clock: one.clock }) }
}

test('what one gateway creates, writes and hands out, another one knows', async () => {
  const { one, two } = twoGateways()
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await two.call('PutRecord', put('1'))
  const ShardIterator = await iteratorOf(one, 'orders')
  await one.call('PutRecord', put('2'))
  const { Records, NextShardIterator } = await two.call('GetRecords', { ShardIterator })
  assert.deepEqual(
    Records.map(({ Data }: Answer) => Buffer.from(Data).toString()),
    ['1', '2'],
  )
  assert.deepEqual((await one.call('GetRecords', { ShardIterator: NextShardIterator })).Records, [])
})

test('what one gateway deletes, another one forgets', async () => {
  const { one, two } = twoGateways()
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await two.call('PutRecord', put('1'))
  const ShardIterator = await iteratorOf(two, 'orders')
  await one.call('DeleteStream', { StreamName: 'orders' })
  await one.clock.advance(1)
  assert.equal((await two.refused('PutRecord', put('2'))).code, 'ResourceNotFoundException')
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  const last = await two.call('PutRecord', put('3', { ExplicitHashKey: String(2n ** 128n - 1n) }))
  assert.equal(last.ShardId, 'shardId-000000000001')
  assert.equal((await two.refused('GetRecords', { ShardIterator })).code, 'ResourceNotFoundException')
})

test('of creations of one stream at the same time, one succeeds and leaves its records alone', async () => {
  const { one, two } = twoGateways()
  const create = ({ call }: typeof one) => call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  const outcomes = await Promise.allSettled([create(one), create(two), create(one), create(two)])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ResourceInUseException')
  await one.call('PutRecord', put('1'))
})

test('what another gateway has just created is found, however late it is seen here', async () => {
  const one = boundKinesis()
  let isBehind = true
  const late: MetadataStore = {
    ...one.metadata,
    get: async (key) => (isBehind ? undefined : await one.metadata.get(key)),
    async barrier() {
      isBehind = false
    },
  }
  const two = boundKinesis({ logs: one.logs, metadata: late, clock: one.clock })
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await two.call('PutRecord', put('1'))
  isBehind = true
  assert.equal(
    (await two.refused('PutRecord', put('1', { StreamName: 'others' }))).code,
    'ResourceNotFoundException',
  )
})

test('a stream whose document is not one is damaged, and hides no other', async () => {
  const { call, metadata } = boundKinesis()
  for (const StreamName of ['orders', 'others']) await call('CreateStream', { StreamName, ShardCount: 1 })
  const [orders] = await metadata.list({ prefix: 'kinesis/stream/' })
  await metadata.commit([{ put: orders!.key, value: { shards: 'some' } }])
  await assert.rejects(call('PutRecord', put('1')), (error) => isEngineError(error, 'Damaged'))
  await assert.rejects(call('DescribeStreamSummary', { StreamName: 'orders' }), (error) =>
    isEngineError(error, 'Damaged'),
  )
  assert.deepEqual((await call('ListStreams', {})).StreamNames, ['others'])
  await call('PutRecord', put('1', { StreamName: 'others' }))
})

test('records of which nobody knows whether they were stored fail alone', async () => {
  const { call } = refusing('Unavailable')
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  const Records = ['0', String(2n ** 128n - 1n)].map((ExplicitHashKey) => ({
    ...{ PartitionKey: 'a', Data: bytes('x'), ExplicitHashKey },
  }))
  const { FailedRecordCount, Records: results } = await call('PutRecords', { StreamName: 'orders', Records })
  assert.deepEqual(
    [FailedRecordCount, results.map(({ ErrorCode }: Answer) => ErrorCode)],
    [1, ['InternalFailure', undefined]],
  )
  await assert.rejects(call('PutRecord', put('1', { ExplicitHashKey: '0' })), (error) =>
    isEngineError(error, 'Unavailable'),
  )
})

/** An engine that refuses to append to shard 0. */
function refusing(code: EngineErrorCode) {
  const bound = boundKinesis()
  const logs: LogStore = {
    ...bound.logs,
    append: async (id, entries) => {
      if (id.log === 'shardId-000000000000') throw new EngineError(code, 'refused')
      return bound.logs.append(id, entries)
    },
  }
  return boundKinesis({ logs, metadata: bound.metadata })
}
const FIRST = { ExplicitHashKey: '0' }
const LAST = { ExplicitHashKey: String(2n ** 128n - 1n) }
const batch = {
  StreamName: 'orders',
  Records: [FIRST, LAST, FIRST].map((place) => ({ PartitionKey: 'a', Data: bytes('x'), ...place })),
}

test('an engine under pressure throttles', async () => {
  const { call, refused } = refusing('Overloaded')
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  const { code } = await refused('PutRecord', put('x', FIRST))
  assert.equal(code, 'ProvisionedThroughputExceededException')
  const { FailedRecordCount, Records } = await call('PutRecords', batch)
  assert.equal(FailedRecordCount, 2)
  assert.deepEqual(
    Records.map(({ ErrorCode }: Answer) => ErrorCode),
    [code, undefined, code],
  )
})

test('a full disk fails the records that it meets, and not the others of a batch', async () => {
  const { call } = refusing('StorageFull')
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  await assert.rejects(call('PutRecord', put('x', FIRST)), { code: 'StorageFull' })
  const { Records } = await call('PutRecords', batch)
  assert.deepEqual(
    Records.map(({ ErrorCode }: Answer) => ErrorCode),
    ['InternalFailure', undefined, 'InternalFailure'],
  )
})
