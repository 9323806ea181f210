import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/clock/clock.ts'
import { createMemoryEngine } from '../../../src/engine/memory/memory-engine.ts'
import { recoverKinesis } from '../../../src/kinesis/kinesis.ts'
import { createMeters } from '../../../src/metrics/create-meters.ts'
import { noMeters } from '../../../src/metrics/meters.ts'
import { boundKinesis, bytes, CALLER, iteratorOf, NOW } from '../bound-kinesis.ts'
import { ON_DEMAND, StreamARN, StreamName, withStream } from '../with-stream.ts'

const HOUR_MS = 3_600_000

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
  const { put, call, read } = await withStream({ meters })
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

test('shards are metered from creation to deletion, also after a restart', async () => {
  const running = new Map<string, number>()
  const meters = {
    ...noMeters,
    run: (meter: string, id: string, units: number) => void running.set(`${meter} ${id}`, units),
  }
  const { call, kinesis } = boundKinesis({ meters })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 3 })
  assert.equal(running.get(`kinesis-shard-hours ${StreamARN}`), 3)
  running.clear()
  await recoverKinesis(kinesis)
  assert.equal(running.get(`kinesis-shard-hours ${StreamARN}`), 3)
  await call('DeleteStream', { StreamName: 'orders' })
  assert.equal(running.get(`kinesis-shard-hours ${StreamARN}`), 0)
})

test('an on-demand stream is billed as a whole, and by what goes in, out, and to its consumers', async (context) => {
  const metered = new Map<string, number>()
  const meters = {
    ...noMeters,
    run: (meter: string, _: string, units: number) => void metered.set(meter, units),
    use: (meter: string, quantity: number) => void metered.set(meter, (metered.get(meter) ?? 0) + quantity),
  }
  const { call } = boundKinesis({ meters })
  const StreamModeDetails = { StreamMode: 'ON_DEMAND' }
  await call('CreateStream', { StreamName: 'orders', StreamModeDetails })
  await call('IncreaseStreamRetentionPeriod', { StreamName: 'orders', RetentionPeriodHours: 48 })
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  for (const length of [1, 1_024, 1_025])
    await call('PutRecord', {
      StreamName: 'orders',
      PartitionKey: 'a',
      ExplicitHashKey: '0',
      Data: new Uint8Array(length),
    })
  await call('GetRecords', { ShardIterator: await iteratorOf({ call }, 'orders') })
  const client = new AbortController()
  context.after(() => client.abort())
  const { ConsumerARN } = Consumer
  const question = {
    ConsumerARN,
    ShardId: 'shardId-000000000000',
    StartingPosition: { Type: 'TRIM_HORIZON' },
  }
  const { EventStream } = await call('SubscribeToShard', question, { ...CALLER, signal: () => client.signal })
  await EventStream[Symbol.asyncIterator]().next()
  assert.deepEqual(Object.fromEntries(metered), {
    'kinesis-shard-hours': 0,
    'kinesis-extended-retention-shard-hours': 0,
    'kinesis-fan-out-shard-hours': 0,
    'kinesis-on-demand-stream-hours': 1,
    'kinesis-on-demand-in-bytes': 4 * 1_024,
    'kinesis-on-demand-out-bytes': 2_050,
    'kinesis-on-demand-fan-out-bytes': 2_050,
  })
  await call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } })
  assert.equal(metered.get('kinesis-on-demand-stream-hours'), 0)
  assert.equal(metered.get('kinesis-fan-out-shard-hours'), 4)
})

test('what is kept for long is billed until it is gone, and once more when it is read after a week', async () => {
  for (const mode of ['PROVISIONED', 'ON_DEMAND']) {
    const clock = createClock({
      mode: 'manual',
      startAt: NOW,
      onError: (error) => assert.fail(String(error)),
    })
    const meters = createMeters({ clock })
    const creation = mode === 'ON_DEMAND' ? ON_DEMAND : { ShardCount: 1 }
    const { call, put, read } = await withStream(
      { meters, clock, ...createMemoryEngine({ clock }) },
      creation,
    )
    await put('x'.repeat(1_000), { ExplicitHashKey: '0' })
    await clock.advance(12 * HOUR_MS)
    await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 200 })
    await clock.advance(168 * HOUR_MS)
    assert.equal((await read()).Records.length, 1)
    await clock.advance(1_000 * HOUR_MS)
    const { used } = meters.usage(clock.now())
    assert.equal(used['kinesis-long-term-retention-byte-hours'], 1_000 * 32)
    const isOnDemand = mode === 'ON_DEMAND'
    assert.equal(used['kinesis-long-term-retrieval-bytes'], isOnDemand ? undefined : 1_000)
    assert.equal(
      used['kinesis-on-demand-extended-retention-byte-hours'],
      isOnDemand ? 1_000 * 144 : undefined,
    )
    await call('DeleteStream', { StreamName })
    assert.deepEqual(meters.snapshot().kept, [])
  }
})
