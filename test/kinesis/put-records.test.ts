import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, bytes, iteratorOf } from './bound-kinesis.ts'
import { assertWantsStream } from './stream-refusals.ts'
import { textsOf, withStream } from './with-stream.ts'

const MIB = 2 ** 20

test('records go to the shard of their key, and keep their order there', async () => {
  const { call } = await withStream({}, { ShardCount: 3 })
  const Records = Array.from({ length: 60 }, (_, index) => ({
    PartitionKey: `key${index}`,
    Data: bytes(`${index}`),
  }))
  const { Records: results, FailedRecordCount } = await call('PutRecords', { StreamName: 'orders', Records })
  assert.equal(FailedRecordCount, 0)
  const seen: string[] = []
  for (const ShardId of ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002']) {
    const { ShardIterator } = await call('GetShardIterator', {
      StreamName: 'orders',
      ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    })
    const read = (await call('GetRecords', { ShardIterator })).Records
    const wanted = results.filter((result: Answer) => result.ShardId === ShardId)
    assert.ok(wanted.length > 0)
    assert.deepEqual(
      read.map((record: Answer) => record.SequenceNumber),
      wanted.map((result: Answer) => result.SequenceNumber),
    )
    seen.push(...textsOf(read))
  }
  assert.equal(new Set(seen).size, 60)
})

test('a batch has at most 500 records and 10 MiB', async () => {
  const { call, refused } = await withStream()
  const records = (count: number, size: number) =>
    Array.from({ length: count }, () => ({ PartitionKey: 'a', Data: new Uint8Array(size) }))
  const batch = (Records: object[]) => ({ StreamName: 'orders', Records })
  assert.equal((await call('PutRecords', batch(records(500, 9)))).FailedRecordCount, 0)
  const tooMany = await refused('PutRecords', batch(records(501, 1)))
  assert.match(
    tooMany.message,
    /at 'records' failed to satisfy constraint: Member must have length less than or equal to 500/,
  )
  assert.ok(tooMany.message.length < 2_000)
  assert.deepEqual(await refused('PutRecords', batch(records(11, MIB - 1))), {
    code: 'InvalidArgumentException',
    message: 'Records size exceeds 10 MB limit',
  })
})

test('records without a partition key are named, up to ten of them, also beside what else is broken', async () => {
  const { refused, call } = await withStream()
  const batch = (...keys: (string | undefined)[]) => ({
    StreamName: 'orders',
    Records: keys.map((PartitionKey) => ({ PartitionKey, Data: bytes('x') })),
  })
  const missing = (index: number) =>
    `Value null at 'records.${index}.member.partitionKey' failed to satisfy constraint: Member must not be null`
  const empty = (index: number) =>
    `Value '' at 'records.${index}.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1`
  const ten = Array.from({ length: 10 }, (_, index) => missing(index + 1))
  for (const [keys, count, broken] of [
    [['a', undefined], '1 validation error', [missing(2)]],
    [[undefined, 'a', undefined], '2 validation errors', [missing(1), missing(3)]],
    [new Array(500).fill(undefined), '10 validation errors', ten],
    [[undefined, '', 'a', undefined], '3 validation errors', [missing(1), empty(2), missing(4)]],
  ] as const)
    assert.deepEqual(await refused('PutRecords', batch(...keys)), {
      code: 'ValidationException',
      message: `${count} detected: ${broken.join('; ')}`,
    })
  assert.deepEqual(
    await refused('PutRecord', { StreamName: 'orders', Data: bytes('x'), ExplicitHashKey: 'a' }),
    {
      code: 'ValidationException',
      message:
        "2 validation errors detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null; " +
        "Value 'a' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    },
  )
  // Where the stream distributes them none is needed.
  await call('CreateStream', {
    StreamName: 'spread',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    RecordDistributionStrategy: 'AUTO',
  })
  const { FailedRecordCount } = await call('PutRecords', { ...batch(undefined, 'a'), StreamName: 'spread' })
  assert.equal(FailedRecordCount, 0)
})

test('nothing in a batch is refused', async () => {
  const { refused } = await withStream()
  const Records = [null, { PartitionKey: 'a', Data: bytes('x') }]
  const { code, message } = await refused('PutRecords', { StreamName: 'orders', Records })
  assert.equal(code, 'ValidationException')
  assert.match(message, /Member must satisfy constraint: \[Member must not be null\]$/)
})

test('a shard is throttled as AWS does, per record in a batch', async () => {
  const { put, call, refused, clock } = await withStream({ limits: 'aws' }, { ShardCount: 2 })
  const Records = Array.from({ length: 500 }, () => ({
    PartitionKey: 'a',
    ExplicitHashKey: '0',
    Data: bytes('x'),
  }))
  const batch = { StreamName: 'orders', Records }
  await call('PutRecords', batch)
  await put('x', { ExplicitHashKey: '0' })
  const { FailedRecordCount, Records: results } = await call('PutRecords', batch)
  assert.equal(FailedRecordCount, 1)
  assert.deepEqual(results.at(-1), {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.',
  })
  const input = { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x') }
  assert.deepEqual(await refused('PutRecord', { ...input, ExplicitHashKey: '0' }), {
    code: 'ProvisionedThroughputExceededException',
    message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.',
  })
  await put('x', { ExplicitHashKey: String(2n ** 128n - 1n) })
  const ShardIterator = await iteratorOf({ call }, 'orders')
  for (let count = 0; count < 5; count++) await call('GetRecords', { ShardIterator })
  assert.equal(
    (await refused('GetRecords', { ShardIterator })).code,
    'ProvisionedThroughputExceededException',
  )
  await clock.advance(1_000)
  await put('x', { ExplicitHashKey: '0' })
  await call('GetRecords', { ShardIterator })
})

test('PutRecords wants a stream', () =>
  assertWantsStream('PutRecords', { Records: [{ PartitionKey: 'a', Data: bytes('x') }] }))
