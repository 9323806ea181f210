import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../src/clock/clock.ts'
import { type Answer, boundKinesis, bytes } from './bound-kinesis.ts'
import { withConsumer } from './with-consumer.ts'
import { SHARD, StreamARN, StreamName } from './with-stream.ts'

const textsOf = ({ Records }: Answer) => Records.map(({ Data }: Answer) => Buffer.from(Data).toString())

test('events come as records arrive, the first at once', async (context) => {
  const { subscribe, put, clock } = await withConsumer(context)
  await put('before')
  const { next } = await subscribe()
  const first = await next()
  assert.deepEqual([textsOf(first), first.MillisBehindLatest, first.ChildShards], [[], 0, undefined])
  assert.match(first.ContinuationSequenceNumber, /^\d{56}$/)
  const second = next()
  const { SequenceNumber } = await put('1')
  assert.deepEqual(textsOf(await second), ['1'])
  const third = next()
  await put('2')
  const event = await third
  assert.deepEqual(textsOf(event), ['2'])
  assert.ok(BigInt(event.ContinuationSequenceNumber) > BigInt(SequenceNumber))
  assert.equal(event.Records[0].ApproximateArrivalTimestamp, clock.now())
})

test('silence lasts five seconds, and a subscription five minutes', async (context) => {
  const { subscribe, clock } = await withConsumer(context)
  const { next } = await subscribe()
  await next()
  const heartbeat = next()
  await clock.advance(4_999)
  await clock.advance(1)
  assert.deepEqual(textsOf(await heartbeat), [])
  const last = next()
  await clock.advance(295_000)
  await last
  assert.equal(await next(), undefined)
})

test('a subscription begins at every kind of position and goes on where another ended', async (context) => {
  const { subscribe, put, clock, question, refused } = await withConsumer(context)
  const numbers: string[] = []
  for (const text of ['1', '2', '3']) {
    numbers.push((await put(text)).SequenceNumber)
    await clock.advance(10_000)
  }
  const first = async (StartingPosition: object) => {
    const { next, leave } = await subscribe({ StartingPosition })
    const event = await next()
    leave()
    await clock.advance(5_000)
    return event
  }
  assert.deepEqual(textsOf(await first({ Type: 'TRIM_HORIZON' })), ['1', '2', '3'])
  assert.deepEqual(textsOf(await first({ Type: 'LATEST' })), [])
  const at = { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: numbers[1] }
  assert.deepEqual(textsOf(await first(at)), ['2', '3'])
  const after = await first({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: numbers[1] })
  assert.deepEqual(textsOf(after), ['3'])
  const Timestamp = clock.now() - 30_000
  assert.deepEqual(textsOf(await first({ Type: 'AT_TIMESTAMP', Timestamp })), ['3'])
  await put('4')
  const SequenceNumber = after.ContinuationSequenceNumber
  assert.deepEqual(textsOf(await first({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })), ['4'])
  for (const StartingPosition of [
    { Type: 'AT_TIMESTAMP' },
    { Type: 'AT_SEQUENCE_NUMBER' },
    { Type: 'LATEST', SequenceNumber },
  ])
    assert.equal(
      (await refused('SubscribeToShard', question({ StartingPosition }))).code,
      'InvalidArgumentException',
    )
})

test('the end of a shard is told by its children, and ends the subscription', async (context) => {
  const { subscribe, put, call } = await withConsumer(context)
  const { next } = await subscribe()
  await next()
  const records = next()
  await put('last')
  assert.deepEqual(textsOf(await records), ['last'])
  const ending = next()
  await call('SplitShard', { StreamName, ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) })
  const event = await ending
  assert.equal(event.ContinuationSequenceNumber, undefined)
  assert.deepEqual(
    event.ChildShards.map(({ ShardId, ParentShards }: Answer) => [ShardId.at(-1), ParentShards]),
    [
      ['1', [SHARD]],
      ['2', [SHARD]],
    ],
  )
  assert.equal(await next(), undefined)
})

test('a second call is refused for five seconds, then it takes over, on whichever gateway', async (context) => {
  const one = await withConsumer(context)
  const two = boundKinesis({ logs: one.logs, metadata: one.metadata, clock: one.clock })
  const first = await one.subscribe()
  await first.next()
  await one.clock.advance(4_999)
  const refusal = await two.refused('SubscribeToShard', one.question())
  assert.equal(refusal.code, 'ResourceInUseException')
  assert.match(refusal.message, /^Another active subscription exists for this consumer: /)
  const waiting = first.next()
  await one.clock.advance(1)
  const second = await one.subscribe({}, two)
  await second.next()
  await assert.rejects(
    async () => {
      await waiting
      await first.next()
    },
    { code: 'ResourceInUseException' },
  )
  const event = second.next()
  await one.put('1')
  assert.deepEqual(textsOf(await event), ['1'])
})

test('who left can come back five seconds after it came, and leaves nothing behind', async (context) => {
  const { subscribe, metadata, clock, refused, question } = await withConsumer(context)
  for (let round = 0; round < 3; round++) {
    const { next, leave } = await subscribe()
    await next()
    const waiting = next()
    leave()
    assert.equal(await waiting, undefined)
    await clock.advance(4_999)
    assert.equal((await refused('SubscribeToShard', question())).code, 'ResourceInUseException')
    await clock.advance(1)
  }
  const unread = await subscribe()
  await clock.advance(2_000)
  unread.leave()
  await clock.advance(2_999)
  assert.equal((await refused('SubscribeToShard', question())).code, 'ResourceInUseException')
  await clock.advance(1)
  const late = await subscribe()
  await clock.advance(10_000)
  late.leave()
  for (let turn = 0; turn < 1_000; turn++) await new Promise(setImmediate)
  assert.deepEqual(await metadata.list({ prefix: 'kinesis/subscription/' }), [])
})

test("what a clock of the future left behind is in nobody's way", async (context) => {
  const one = await withConsumer(context)
  const { logs, metadata } = one
  const now = one.clock.now()
  await one.clock.advance(86_400_000)
  await (await one.subscribe()).next()
  const clock = createClock({ mode: 'manual', startAt: now, onError: (error) => assert.fail(String(error)) })
  const two = boundKinesis({ logs, metadata, clock })
  assert.deepEqual(textsOf(await (await one.subscribe({}, two)).next()), [])
})

test('a consumer asks for a shard five times a second at most, if limits are those of AWS', async (context) => {
  const { refused, question, clock, call } = await withConsumer(context, { limits: 'aws' })
  const DryRun = true
  const codes: string[] = []
  for (let round = 0; round < 6; round++)
    codes.push((await refused('SubscribeToShard', question({ DryRun }))).code)
  assert.deepEqual(codes, [...Array(5).fill('DryRunOperationException'), 'LimitExceededException'])
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'other' })
  const ofOther = question({ ConsumerARN: Consumer.ConsumerARN, DryRun })
  assert.equal((await refused('SubscribeToShard', ofOther)).code, 'DryRunOperationException')
  await clock.advance(1_000)
  assert.equal((await refused('SubscribeToShard', question({ DryRun }))).code, 'DryRunOperationException')
})

test('a subscription ends with its consumer and with its stream', async (context) => {
  const { subscribe, call, Consumer } = await withConsumer(context)
  const { next } = await subscribe()
  await next()
  const waiting = next()
  await call('DeregisterStreamConsumer', { ConsumerARN: Consumer.ConsumerARN })
  await call('PutRecord', { StreamName, PartitionKey: 'a', Data: bytes('x') })
  await assert.rejects(waiting, { code: 'ResourceNotFoundException' })
})

test('a consumer that is not ACTIVE, an unknown shard and an unknown consumer are refused', async (context) => {
  const { call, refused, question } = await withConsumer(context, { stateDelayMs: 500 })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'new' })
  const asNew = question({ ConsumerARN: Consumer.ConsumerARN })
  assert.match(
    (await refused('SubscribeToShard', asNew)).message,
    /^Consumer new with creation timestamp \d{10} under stream orders and account 123456789012 is not in ACTIVE status\.$/,
  )
  const unknown = question({ ShardId: 'shardId-000000000009' })
  assert.equal((await refused('SubscribeToShard', unknown)).code, 'ResourceNotFoundException')
  const nobody = question({ ConsumerARN: `${StreamARN}/consumer/nobody:1` })
  assert.equal((await refused('SubscribeToShard', nobody)).code, 'ResourceNotFoundException')
  assert.equal(
    (await refused('SubscribeToShard', question({ DryRun: true }))).code,
    'DryRunOperationException',
  )
})

test('what cannot be subscribed to is refused with the reason', async (context) => {
  const { refused, question } = await withConsumer(context)
  for (const [more, message] of [
    [
      { ShardId: 'shardId-9' },
      'Could not find shard shardId-000000000009 in stream orders under account 123456789012.',
    ],
    [{ ConsumerARN: `${StreamARN}/consumer/nobody:1` }, 'Consumer nobody, account 123456789012 not found.'],
    [
      { ConsumerARN: `${StreamARN.replace('orders', 'nothing')}/consumer/app:1` },
      'Stream nothing under account 123456789012 not found.',
    ],
  ] as const)
    assert.deepEqual(await refused('SubscribeToShard', question(more)), {
      code: 'ResourceNotFoundException',
      message,
    })
  assert.deepEqual(
    await refused('SubscribeToShard', question({ StartingPosition: { Type: 'AT_TIMESTAMP' } })),
    {
      code: 'InvalidArgumentException',
      message:
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    },
  )
})
