import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, bytes, iteratorOf, NOW } from './bound-kinesis.ts'
import { assertWantsStream } from './stream-refusals.ts'
import { withStream } from './with-stream.ts'

const MIB = 2 ** 20

test('a record is read as it was put, with its sequence number and no encryption type', async () => {
  const { put, read } = await withStream()
  const answer = await put('données', { PartitionKey: 'clé 🔑' })
  assert.deepEqual(Object.keys(answer), ['ShardId', 'SequenceNumber'])
  const { Records, MillisBehindLatest } = await read()
  assert.deepEqual(
    Records.map((record: Answer) => ({ ...record, Data: Buffer.from(record.Data).toString() })),
    [
      {
        SequenceNumber: answer.SequenceNumber,
        ApproximateArrivalTimestamp: NOW,
        Data: 'données',
        PartitionKey: 'clé 🔑',
      },
    ],
  )
  assert.equal(MillisBehindLatest, 0)
})

test('an explicit hash key overrides the partition key', async () => {
  const { put, refused } = await withStream({}, { ShardCount: 2 })
  const last = String(2n ** 128n - 1n)
  assert.equal((await put('x', { ExplicitHashKey: '0' })).ShardId, 'shardId-000000000000')
  assert.equal((await put('x', { ExplicitHashKey: last })).ShardId, 'shardId-000000000001')
  const over = String(2n ** 128n)
  const input = { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x'), ExplicitHashKey: over }
  assert.deepEqual(await refused('PutRecord', input), {
    code: 'InvalidArgumentException',
    message: `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${over}`,
  })
})

test('sequence numbers for ordering are taken when they are of the past', async () => {
  const { put, refused } = await withStream()
  const { SequenceNumber } = await put('1')
  const next = await put('2', { SequenceNumberForOrdering: SequenceNumber })
  assert.ok(BigInt(next.SequenceNumber) > BigInt(SequenceNumber))
  const input = { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x'), SequenceNumberForOrdering: '5' }
  assert.deepEqual(await refused('PutRecord', input), {
    code: 'InvalidArgumentException',
    message:
      'ExclusiveMinimumSequenceNumber 5 used in PutRecord on stream orders under account 123456789012 is invalid.',
  })
})

test('a record has at most 1 MiB of data and key, or what its stream allows', async () => {
  const { call, refused } = await withStream()
  const input = (size: number, StreamName = 'orders') => ({
    StreamName,
    PartitionKey: 'a',
    Data: new Uint8Array(size),
  })
  await call('PutRecord', input(MIB - 1))
  assert.deepEqual(await refused('PutRecord', input(MIB + 1)), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value at 'data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
  })
  const { PartitionKey, Data } = input(MIB)
  const batch = {
    StreamName: 'orders',
    Records: [
      { PartitionKey, Data: bytes('') },
      { PartitionKey, Data },
    ],
  }
  assert.match((await refused('PutRecords', batch)).message, /'records\.2\.member\.data'/)
  await call('CreateStream', { StreamName: 'large', ShardCount: 1, MaxRecordSizeInKiB: 10_240 })
  await call('PutRecord', input(10 * MIB - 1, 'large'))
  const { Records } = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'large') })
  assert.equal(Records[0].Data.length, 10 * MIB - 1)
})

test('a record needs its partition key, of 256 characters at most', async () => {
  const { put, refused } = await withStream()
  await put('x', { PartitionKey: '🔑'.repeat(256) })
  const Data = bytes('x')
  assert.deepEqual(await refused('PutRecord', { StreamName: 'orders', Data }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
  })
  const long = await refused('PutRecord', { StreamName: 'orders', Data, PartitionKey: 'x'.repeat(257) })
  assert.match(long.message, /Member must have length less than or equal to 256/)
})

test('a dry run says that it would have succeeded, and stores nothing', async () => {
  const { call, read, refused } = await withStream()
  const record = { PartitionKey: 'a', Data: bytes('x') }
  const runs: [string, object][] = [
    ['PutRecord', { StreamName: 'orders', ...record }],
    ['PutRecords', { StreamName: 'orders', Records: [record] }],
    ['GetShardIterator', { StreamName: 'orders', ShardId: 'shardId-0', ShardIteratorType: 'LATEST' }],
    ['GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders') }],
  ]
  for (const [name, input] of runs)
    assert.equal((await refused(name, { ...input, DryRun: true })).code, 'DryRunOperationException')
  assert.deepEqual((await read()).Records, [])
})

test('PutRecord wants a stream', () =>
  assertWantsStream('PutRecord', { PartitionKey: 'a', Data: bytes('x') }))
