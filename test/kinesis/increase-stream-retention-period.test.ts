import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import { boundKinesis, dataOf } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamName, withStream } from './with-stream.ts'

const HOUR_MS = 3_600_000

test('the retention goes up and down between a day and a year', async () => {
  const { call, clock, summary, put, refused } = await withStream()
  const change = (verb: string, RetentionPeriodHours: number) =>
    [`${verb}StreamRetentionPeriod`, { StreamName, RetentionPeriodHours }] as const
  await put('old')
  await call(...change('Increase', 48))
  assert.equal((await summary()).RetentionPeriodHours, 48)
  await call(...change('Increase', 48))
  await clock.advance(30 * HOUR_MS)
  assert.deepEqual(await dataOf({ call }, StreamName, 'shardId-000000000000'), ['old'])
  const refusals: [string, number, string][] = [
    [
      'Increase',
      8_761,
      'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
    ],
    [
      'Decrease',
      23,
      'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    ],
    [
      'Increase',
      20,
      'Minimum allowed retention period is 24 hours. Requested retention period (20 hours) is too short.',
    ],
    [
      'Decrease',
      9_999,
      'Maximum allowed retention period is 8760 hours. Requested retention period (9999 hours) is too long.',
    ],
    [
      'Increase',
      30,
      'Requested retention period (30 hours) for stream orders can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
    ],
    [
      'Decrease',
      50,
      'Requested retention period (50 hours) for stream orders can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.',
    ],
  ]
  for (const [verb, hours, message] of refusals)
    assert.deepEqual(await refused(...change(verb, hours)), { code: 'InvalidArgumentException', message })
  await call(...change('Decrease', 24))
  assert.deepEqual(await dataOf({ call }, StreamName, 'shardId-000000000000'), [])
})

test('a longer retention does not bring back what is gone', async () => {
  const { call, clock, put } = await withStream()
  await call('SplitShard', { StreamName, ShardToSplit: 'shardId-0', NewStartingHashKey: '5' })
  await put('old')
  await clock.advance(23 * HOUR_MS)
  await put('new')
  await clock.advance(2 * HOUR_MS)
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 168 })
  await clock.advance(100 * HOUR_MS)
  assert.deepEqual(await dataOf({ call }, StreamName, 'shardId-000000000002'), ['new'])
  const { Shards } = await call('ListShards', { StreamName })
  assert.equal(Shards[0].ShardId, 'shardId-000000000001')
  await call('DecreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 24 })
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 8_760 })
  assert.deepEqual(await dataOf({ call }, StreamName, 'shardId-000000000002'), [])
})

test('a retention that came as far as the document is kept after a restart', async () => {
  const { kinesis, logs, call, clock, put, metadata } = await withStream()
  const failing = boundKinesis({
    metadata,
    clock,
    logs: {
      ...logs,
      ensureGroup: async () => {
        throw new Error('the process is gone')
      },
    },
  })
  await put('old')
  await assert.rejects(
    failing.call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 }),
  )
  await recoverKinesis(kinesis)
  await clock.advance(30 * HOUR_MS)
  assert.deepEqual(await dataOf({ call }, StreamName, 'shardId-000000000000'), ['old'])
})

test('IncreaseStreamRetentionPeriod wants a stream that is ACTIVE', async () => {
  const RetentionPeriodHours = 48
  await assertWantsStream('IncreaseStreamRetentionPeriod', { RetentionPeriodHours })
  await assertWantsActive('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours })
})
