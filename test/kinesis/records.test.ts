import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeRecord } from '../../src/engine/record.ts'
import type { Stream } from '../../src/kinesis/stream.ts'
import { arnOf, groupOf, keyOf } from '../../src/kinesis/stream-ref.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { type Answer, boundKinesis, bytes, CALLER, iteratorOf, NOW } from './bound-kinesis.ts'

const KIB = 1_024
const MIB = 1_024 * KIB
const REF = { account: CALLER.account, region: CALLER.region, streamName: 'orders' }
const texts = (records: Answer[]) => records.map(({ Data }) => Buffer.from(Data).toString())

async function withStream(ShardCount = 1, options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  await bound.call('CreateStream', { StreamName: 'orders', ShardCount })
  const put = (text: string, more: object = {}) =>
    bound.call('PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: bytes(text), ...more })
  const read = async (place?: object, more: object = {}) =>
    bound.call('GetRecords', { ShardIterator: await iteratorOf(bound, 'orders', place), ...more })
  return { ...bound, put, read }
}

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

test('records go to the shard of their key, and keep their order there', async () => {
  const { call } = await withStream(3)
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
    seen.push(...texts(read))
  }
  assert.equal(new Set(seen).size, 60)
})

test('an explicit hash key overrides the partition key', async () => {
  const { put, refused } = await withStream(2)
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
      "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'data' failed to " +
      'satisfy constraint: Member must have length less than or equal to 1048576',
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
  assert.deepEqual(await refused('PutRecords', batch(records(11, MIB - 1))), {
    code: 'InvalidArgumentException',
    message: 'Records size exceeds 10 MB limit',
  })
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

test('a reader goes on from iterator to iterator, and can repeat one', async () => {
  const { put, call, clock } = await withStream()
  const bound = { call }
  for (const text of ['1', '2', '3']) {
    await put(text)
    await clock.advance(1_000)
  }
  const ShardIterator = await iteratorOf(bound, 'orders')
  const first = await call('GetRecords', { ShardIterator, Limit: 2 })
  assert.deepEqual(texts(first.Records), ['1', '2'])
  assert.equal(first.MillisBehindLatest, 2_000)
  const second = await call('GetRecords', { ShardIterator: first.NextShardIterator })
  assert.deepEqual([texts(second.Records), second.MillisBehindLatest], [['3'], 0])
  const third = await call('GetRecords', { ShardIterator: second.NextShardIterator })
  assert.deepEqual([third.Records, third.MillisBehindLatest], [[], 0])
  await put('4')
  const fourth = await call('GetRecords', { ShardIterator: third.NextShardIterator })
  assert.deepEqual(texts(fourth.Records), ['4'])
  const again = await call('GetRecords', { ShardIterator: `"${first.NextShardIterator}"` })
  assert.deepEqual(texts(again.Records), ['3', '4'])
})

test('an iterator begins where its type says', async () => {
  const { put, read, clock, call } = await withStream()
  const numbers: string[] = []
  const startTime = clock.now()
  for (const text of ['1', '2', '3']) {
    numbers.push((await put(text)).SequenceNumber)
    await clock.advance(10)
  }
  const from = async (place: object) => texts((await read(place)).Records)
  const at = (ShardIteratorType: string, StartingSequenceNumber = numbers[1]) => ({
    ShardIteratorType,
    StartingSequenceNumber,
  })
  assert.deepEqual(await from({ ShardIteratorType: 'TRIM_HORIZON' }), ['1', '2', '3'])
  assert.deepEqual(await from(at('AT_SEQUENCE_NUMBER')), ['2', '3'])
  assert.deepEqual(await from(at('AFTER_SEQUENCE_NUMBER')), ['3'])
  const { Shards } = await call('ListShards', { StreamName: 'orders' })
  const start = Shards[0].SequenceNumberRange.StartingSequenceNumber
  assert.deepEqual(await from(at('AT_SEQUENCE_NUMBER', start)), ['1', '2', '3'])
  for (const [time, wanted] of [
    [-5, ['1', '2', '3']],
    [0, ['1', '2', '3']],
    [1, ['2', '3']],
    [10, ['2', '3']],
    [10.5, ['3']],
    [20, ['3']],
    [21, []],
    [30, []],
  ] as const)
    assert.deepEqual(
      await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: startTime + time }),
      wanted,
      `${time} ms`,
    )
  const ShardIterator = await iteratorOf({ call }, 'orders', { ShardIteratorType: 'LATEST' })
  await put('4')
  assert.deepEqual(texts((await call('GetRecords', { ShardIterator })).Records), ['4'])
})

test('AT_TIMESTAMP leaves out what arrived before it and was stored after it', async () => {
  const { kinesis, logs, clock, read } = await withStream()
  const { group } = await kinesis.streams.get(REF)
  const append = (text: string, arrivalTime: number) =>
    logs.append({ group, log: 'shardId-000000000000' }, [
      encodeRecord({ arrivalTime, hashKey: new Uint8Array(16), partitionKey: 'a', data: bytes(text) }),
    ])
  await clock.advance(100)
  for (let index = 0; index < 250; index++) await append(`late ${index}`, NOW + 50)
  await append('right', NOW + 100)
  const { Records } = await read({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: NOW + 60 })
  assert.deepEqual(texts(Records), ['right'])
})

test('an iterator that makes no sense is refused as AWS does', async () => {
  const { put, refused, call, clock } = await withStream(2)
  await clock.advance(2_000)
  await call('CreateStream', { StreamName: 'other', ShardCount: 1 })
  const { SequenceNumber } = await put('x', { ExplicitHashKey: '0' })
  const input = { StreamName: 'orders', ShardId: 'shardId-000000000000' }
  const MUST =
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
    '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified '
  const phrase = 'shard shardId-000000000000 in stream other under account 123456789012 is invalid'
  const refusals: [object, string][] = [
    [{ ShardIteratorType: 'AT_SEQUENCE_NUMBER' }, `${MUST}AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`],
    [
      { ShardIteratorType: 'LATEST', StartingSequenceNumber: SequenceNumber },
      `${MUST}LATEST and also a StartingSequenceNumber.`,
    ],
    [
      { ShardIteratorType: 'AT_TIMESTAMP' },
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    ],
    [
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: NOW + 2_001 },
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${NOW + 2_001}, currentTimestampInMillis: ${NOW + 2_000}`,
    ],
    [
      {
        ShardId: 'shardId-1',
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: SequenceNumber,
      },
      'Invalid StartingSequenceNumber. It encodes shardId-000000000000, while it was used in a call to a shard with shardId-000000000001',
    ],
    [
      {
        StreamName: 'other',
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: SequenceNumber,
      },
      `StartingSequenceNumber ${SequenceNumber} used in GetShardIterator on ${phrase} because it did not come from this stream.`,
    ],
    [
      { StreamName: 'other', ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '0' },
      `StartingSequenceNumber 0 used in GetShardIterator on ${phrase}.`,
    ],
  ]
  for (const [more, message] of refusals)
    assert.deepEqual(await refused('GetShardIterator', { ...input, ...more }), {
      code: 'InvalidArgumentException',
      message,
    })
  const missing = (ShardId: string) =>
    refused('GetShardIterator', { ...input, ShardId, ShardIteratorType: 'LATEST' })
  assert.deepEqual(await missing('shardId-2'), {
    code: 'ResourceNotFoundException',
    message: 'Shard shardId-000000000002 in stream orders under account 123456789012 does not exist',
  })
  assert.equal(
    (await missing('nonsense')).message,
    'Could not find shard nonsense in stream orders under account 123456789012.',
  )
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
  assert.deepEqual(texts((await read()).Records), ['old', 'new'])
  await clock.advance(2)
  assert.deepEqual(texts((await read()).Records), ['new'])
  const place = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber }
  assert.deepEqual(texts((await read(place)).Records), ['new'])
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
  assert.deepEqual(texts(last.Records), ['2'])
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

test('a shard is throttled as AWS does, per record in a batch', async () => {
  const { put, call, refused, clock } = await withStream(2, { limits: 'aws' })
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

test('what is put and read is counted as CloudWatch does, and billed in units of 25 KB', async () => {
  const counted = new Map<string, number>()
  const add = (name: string, value: number) => void counted.set(name, (counted.get(name) ?? 0) + value)
  const meters = {
    ...noMeters,
    count: (_: string, name: string, dimensions: Record<string, string>, value: number) => {
      assert.deepEqual(dimensions, { StreamName: 'orders' })
      add(name, value)
    },
    use: add,
  }
  const { put, call, read } = await withStream(1, { meters })
  await put('x'.repeat(25_601))
  await call('PutRecords', { StreamName: 'orders', Records: [{ PartitionKey: 'a', Data: bytes('xyz') }] })
  await read()
  assert.deepEqual(Object.fromEntries(counted), {
    IncomingRecords: 2,
    IncomingBytes: 25_604,
    'kinesis-put-payload-units': 3,
    'PutRecord.Bytes': 25_601,
    'PutRecord.Latency': 0,
    'PutRecord.Success': 1,
    'PutRecords.Bytes': 3,
    'PutRecords.Success': 1,
    'PutRecords.TotalRecords': 1,
    'PutRecords.SuccessfulRecords': 1,
    'PutRecords.FailedRecords': 0,
    'PutRecords.ThrottledRecords': 0,
    'PutRecords.Latency': 0,
    'GetRecords.Latency': 0,
    'GetRecords.IteratorAgeMilliseconds': 0,
    'GetRecords.Success': 1,
    'GetRecords.Records': 2,
    'GetRecords.Bytes': 25_604,
  })
})
