import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../../src/engine/ports/engine.ts'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { until } from '../until.ts'
import { boundKinesis, bytes, dataOf } from './bound-kinesis.ts'

const NOT_FOUND = {
  code: 'ResourceNotFoundException',
  message: 'Stream orders under account 123456789012 not found.',
}
const REF = { account: '123456789012', region: 'eu-west-1', streamName: 'orders' }

test('a stream without a shard count has four shards', async () => {
  const { call } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders' })
  assert.equal((await call('ListShards', { StreamName: 'orders' })).Shards.length, 4)
  await call('CreateStream', { StreamName: 'more', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  const summary = (await call('DescribeStreamSummary', { StreamName: 'more' })).StreamDescriptionSummary
  assert.equal(summary.StreamModeDetails.StreamMode, 'ON_DEMAND')
  assert.equal(summary.OpenShardCount, 4)
})

test('what cannot be created is refused', async () => {
  const { call, refused } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ShardCount: 1 }), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 already exists.',
  })
  const refusals: [object, RegExp][] = [
    [{ ShardCount: 1, RecordDistributionStrategy: 'USER_PARTITION_KEY' }, /ON_DEMAND/],
    [{ StreamModeDetails: { StreamMode: 'PROVISIONED' } }, /ShardCount/],
    [{ ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }, /ShardCount/],
    [{ ShardCount: 1, Tags: { 'a!': 'b' } }, /invalid characters/],
    [
      { ShardCount: 1, Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag${i}`, ''])) },
      /more than 50 tags/,
    ],
  ]
  for (const [input, message] of refusals) {
    const refusal = await refused('CreateStream', { StreamName: 'other', ...input })
    assert.equal(refusal.code, 'InvalidArgumentException')
    assert.match(refusal.message, message)
  }
  assert.deepEqual(await refused('CreateStream', { StreamName: 'a b', ShardCount: 0 }), {
    code: 'ValidationException',
    message:
      "2 validation errors detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy " +
      "regular expression pattern: [a-zA-Z0-9_.-]+; Value '0' at 'shardCount' failed to satisfy constraint: Member " +
      'must have value greater than or equal to 1',
  })
})

test('an account has its quotas, unless limits are off', async () => {
  const { call, refused } = boundKinesis({ limits: 'aws' })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 3 })
  assert.deepEqual(await refused('CreateStream', { StreamName: 'more', ShardCount: 20_000 }), {
    code: 'LimitExceededException',
    message:
      'This request would exceed the shard limit for the account 123456789012 in eu-west-1. ' +
      'Current shard count for the account: 3. Limit: 20000. ' +
      'Number of additional shards that would have resulted from this request: 20000. ' +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  })
  const creating = boundKinesis({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 5; index++)
    await creating.call('CreateStream', { StreamName: `s${index}`, ShardCount: 1 })
  const sixth = await creating.refused('CreateStream', { StreamName: 's5', ShardCount: 1 })
  assert.equal(sixth.code, 'LimitExceededException')
  await creating.clock.advance(500)
  await creating.call('CreateStream', { StreamName: 's5', ShardCount: 1 })
})

test('a stream has only as many shards as can be kept, also when limits are off', async () => {
  const { call, refused } = boundKinesis()
  for (const ShardCount of [20_001, 100_000])
    assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ShardCount }), {
      code: 'LimitExceededException',
      message:
        'Target shard count or number of open shards cannot be greater than 20000. ' +
        `Current open shard count: 0 Target shard count: ${ShardCount}`,
    })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  const scale = { StreamName: 'orders', TargetShardCount: 2 ** 31 - 1, ScalingType: 'UNIFORM_SCALING' }
  assert.equal((await refused('UpdateShardCount', scale)).code, 'LimitExceededException')
})

test('a stream can be created where a deletion is over but not finished', async () => {
  const first = boundKinesis({ stateDelayMs: 500 })
  await first.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await first.clock.advance(500)
  await first.call('DeleteStream', { StreamName: 'orders' })
  first.clock.close()
  await first.clock.advance(500)
  assert.deepEqual(await first.refused('DescribeStream', { StreamName: 'orders' }), NOT_FOUND)
  assert.deepEqual((await first.call('ListStreams', {})).StreamNames, [])
  await first.call('CreateStream', { StreamName: 'orders', ShardCount: 3 })
  await first.clock.advance(500)
  assert.equal((await first.call('ListShards', { StreamName: 'orders' })).Shards.length, 3)
})

test('a crash inside CreateStream leaves a stream that the next start makes whole, and nothing else', async () => {
  const one = boundKinesis()
  const dead = () => new Promise<never>(() => undefined)
  const { metadata, clock } = one
  const dying = boundKinesis({ metadata, clock, logs: { ...one.logs, ensureGroup: dead } })
  void dying.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await until(async () => (await one.kinesis.streams.find(REF)) !== undefined)
  const two = boundKinesis({ metadata, clock, logs: one.logs })
  await recoverKinesis(two.kinesis)
  await two.call('PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x') })
  assert.deepEqual(await dataOf(two, 'orders', 'shardId-000000000000'), ['x'])
})

test('what cannot be stored is not created, nor billed', async () => {
  const running = new Map<string, number>()
  const run = (meter: string, _: string, units: number) => void running.set(meter, units)
  const one = boundKinesis()
  const groups: string[] = []
  const ensureGroup = async (group: string) => {
    groups.push(group)
    throw new EngineError('StorageFull', 'no room')
  }
  const { logs, metadata, clock } = one
  const full = boundKinesis({
    ...{ metadata, clock, meters: { ...noMeters, run } },
    logs: { ...logs, ensureGroup },
  })
  const create = () => full.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await assert.rejects(create, { code: 'StorageFull' })
  assert.deepEqual((await one.call('ListStreams', {})).StreamNames, [])
  assert.equal(running.get('kinesis-shard-hours'), 0)
  await one.call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  await assert.rejects(create, { code: 'ResourceInUseException' })
  assert.equal(groups.length, 1)
})

test('what does not go together is refused with the reason', async () => {
  const { call, refused } = boundKinesis({ limits: 'aws' })
  const onDemand = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
  const provisioned = { StreamModeDetails: { StreamMode: 'PROVISIONED' } }
  const invalid = 'InvalidArgumentException'
  for (const [input, code, message] of [
    [provisioned, invalid, 'ShardCount must be provided for a stream with the PROVISIONED stream mode.'],
    [
      { ShardCount: 1, ...onDemand },
      invalid,
      'ShardCount cannot be provided for a stream with the ON_DEMAND stream mode.',
    ],
    [
      { ShardCount: 1, RecordDistributionStrategy: 'AUTO' },
      invalid,
      'RecordDistributionStrategy is only supported for the ON_DEMAND stream mode.',
    ],
    [
      { ShardCount: 1, WarmThroughputMiBps: 1 },
      'ValidationException',
      'WarmThroughputMiBps is only supported for streams with the ON_DEMAND stream mode.',
    ],
    [
      { ...onDemand, WarmThroughputMiBps: 1 },
      'ValidationException',
      'WarmThroughputMiBps is only supported in accounts whose MinimumThroughputBillingCommitment is ENABLED. See UpdateAccountSettings.',
    ],
  ] as const)
    assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ...input }), { code, message })
  for (let index = 0; index < 50; index++)
    await call('CreateStream', { StreamName: `stream${index}`, ...onDemand })
  assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ...onDemand }), {
    code: 'LimitExceededException',
    message:
      'This request would exceed the limit of 50 on-demand streams for the account 123456789012 in eu-west-1.',
  })
})

test('five streams are CREATING at a time', async () => {
  const { call, refused } = boundKinesis({ limits: 'aws', stateDelayMs: 500 })
  for (let index = 0; index < 5; index++)
    await call('CreateStream', { StreamName: `stream${index}`, ShardCount: 1 })
  assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ShardCount: 1 }), {
    code: 'LimitExceededException',
    message: 'No more than 5 streams of an account can be in the CREATING state at a time.',
  })
})

test("more shards than AWS's private maximum are refused beside what else is broken", async () => {
  const { refused } = boundKinesis()
  const tooMany =
    "Value '100001' at 'shardCount' failed to satisfy constraint: Member must have value less than or equal to 100000"
  assert.deepEqual(await refused('CreateStream', { StreamName: 'orders', ShardCount: 100_001 }), {
    code: 'ValidationException',
    message: `1 validation error detected: ${tooMany}`,
  })
  assert.match(
    (await refused('CreateStream', { StreamName: '', ShardCount: 100_001 })).message,
    /^3 validation errors detected: .*less than or equal to 100000$/,
  )
})
