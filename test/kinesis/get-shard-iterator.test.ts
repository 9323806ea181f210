import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeRecord } from '../../src/engine/ports/record.ts'
import { endingSequenceNumberOf, sequenceNumbersOf } from '../../src/kinesis/shards/shard.ts'
import { bytes, iteratorOf, NOW } from './bound-kinesis.ts'
import { HALF, putOf, withShards } from './with-shards.ts'
import { REF, SHARD, StreamARN, StreamName, textsOf, withStream } from './with-stream.ts'

test('an iterator begins where its type says', async () => {
  const { put, read, clock, call } = await withStream()
  const numbers: string[] = []
  const startTime = clock.now()
  for (const text of ['1', '2', '3']) {
    numbers.push((await put(text)).SequenceNumber)
    await clock.advance(10)
  }
  const from = async (place: object) => textsOf((await read(place)).Records)
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
  assert.deepEqual(textsOf((await call('GetRecords', { ShardIterator })).Records), ['4'])
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
  assert.deepEqual(textsOf(Records), ['right'])
})

const AWS_NUMBER = '49590338271490256608559692538361571095921575989136588818'
const TOO_HIGH = String(BigInt('0x20000000000800000000000000000000000000000000002'))

test('a closed shard ends with the highest number it can have, at which reading ends with its children, and after which there is nothing', async () => {
  const { call, refused, clock } = await withShards()
  const put = await call('PutRecord', putOf('x'))
  await call('SplitShard', { StreamName, ShardToSplit: SHARD, NewStartingHashKey: HALF })
  await clock.advance(1_000)
  const { Shards } = await call('ListShards', { StreamName })
  const end = Shards[0].SequenceNumberRange.EndingSequenceNumber
  const hex = BigInt(end).toString(16)
  assert.deepEqual([end.length, hex.slice(0, 1), hex.slice(11, 29)], [56, '2', `7${'f'.repeat(15)}00`])
  assert.ok(BigInt(end) > BigInt(put.SequenceNumber))
  const at = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: end }
  const after = { ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }
  const read = async (place: object) =>
    call('GetRecords', { ShardIterator: await iteratorOf({ call }, StreamName, place) })
  const { Records, NextShardIterator, ChildShards } = await read(at)
  assert.deepEqual([Records, NextShardIterator, ChildShards.length], [[], undefined, 2])
  assert.deepEqual(await refused('GetShardIterator', { StreamName, ShardId: SHARD, ...after }), {
    code: 'InvalidArgumentException',
    message:
      'Invalid SequenceNumber for ShardIteratorType AFTER_SEQUENCE_NUMBER, SequenceNumber has reached max possible value for the shard.',
  })
  assert.match(
    (await refused('GetShardIterator', { StreamName, ShardId: 'shardId-1', ...after })).message,
    /^Invalid StartingSequenceNumber. It encodes shardId-000000000000,/,
  )
  await call('PutRecord', { ...putOf('y'), SequenceNumberForOrdering: end })
})

test('the ends of closed shards that an earlier version told work on', async () => {
  const { call, clock, kinesis } = await withShards()
  await call('PutRecord', putOf('x'))
  await call('SplitShard', { StreamName, ShardToSplit: SHARD, NewStartingHashKey: HALF })
  await clock.advance(1_000)
  const { stream } = await kinesis.streams.get(REF)
  const { closed } = stream.shards[0]!
  const former = sequenceNumbersOf(stream.shards[0]!)(closed!.position, closed!.at)
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']) {
    const place = { ShardIteratorType, StartingSequenceNumber: former }
    const ShardIterator = await iteratorOf({ call }, StreamName, place)
    const { Records, ChildShards } = await call('GetRecords', { ShardIterator })
    assert.deepEqual([Records, ChildShards.length], [[], 2])
  }
})

test('no shard that is open has an end', async () => {
  const { refused, kinesis } = await withShards()
  const [shard] = (await kinesis.streams.get(REF)).stream.shards
  const number = endingSequenceNumberOf({ ...shard!, closed: { at: NOW, position: 1 } })
  const place = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: number }
  assert.match(
    (await refused('GetShardIterator', { StreamName, ShardId: SHARD, ...place })).message,
    /because it did not come from this stream\.$/,
  )
})

test('an iterator that makes no sense is refused as AWS does', async () => {
  const { put, refused, call, clock } = await withStream({}, { ShardCount: 2 })
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
      `StartingSequenceNumber 0 used in GetShardIterator on ${phrase} because it did not come from this stream.`,
    ],
    // AWS's oldest numbers hold their shard in their last digits.
    [
      { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '5' },
      'Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with shardId-000000000000',
    ],
    // One of AWS's own, of July 2018.
    [
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: AWS_NUMBER },
      'Invalid StartingSequenceNumber. It encodes shardId-000000000001, while it was used in a call to a shard with shardId-000000000000',
    ],
    [
      { StreamName: 'other', ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: TOO_HIGH },
      `StartingSequenceNumber ${TOO_HIGH} used in GetShardIterator on ${phrase}.`,
    ],
  ]
  for (const [more, message] of refusals)
    assert.deepEqual(await refused('GetShardIterator', { ...input, ...more }), {
      code: 'InvalidArgumentException',
      message,
    })
  const missing = (ShardId: string, StreamName = 'orders') =>
    refused('GetShardIterator', { ...input, StreamName, ShardId, ShardIteratorType: 'LATEST' })
  assert.deepEqual(await missing('shardId-2'), {
    code: 'ResourceNotFoundException',
    message: 'Shard shardId-000000000002 in stream orders under account 123456789012 does not exist',
  })
  assert.deepEqual(await missing('shardId-2', 'none'), {
    code: 'ResourceNotFoundException',
    message: 'Shard shardId-000000000002 in stream none under account 123456789012 does not exist',
  })
  assert.equal(
    (await missing('nonsense')).message,
    'Could not find shard nonsense in stream orders under account 123456789012.',
  )
})

test('GetShardIterator wants one stream, and is answered five times a second', async () => {
  const { call, refused } = await withStream({ limits: 'aws' })
  const latest = { ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' }
  for (const [named, message] of [
    [{}, 'Either StreamName or StreamARN should be provided.'],
    [
      { StreamName: 'other', StreamARN },
      `StreamName other and StreamARN ${StreamARN} do not name the same stream.`,
    ],
  ] as const)
    assert.deepEqual(await refused('GetShardIterator', { ...named, ...latest }), {
      code: 'InvalidArgumentException',
      message,
    })
  for (let count = 0; count < 5; count++) await call('GetShardIterator', { StreamARN, ...latest })
  assert.deepEqual(await refused('GetShardIterator', { StreamARN, ...latest }), {
    code: 'ProvisionedThroughputExceededException',
    message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.',
  })
})
