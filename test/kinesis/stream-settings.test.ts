import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitmentAfter, describedCommitment } from '../../src/kinesis/account-settings.ts'
import { recoverKinesis } from '../../src/kinesis/kinesis.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { type Answer, boundKinesis, bytes, dataOf, iteratorOf, NOW } from './bound-kinesis.ts'

const HOUR_MS = 3_600_000
const StreamName = 'orders'
const StreamARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
const ON_DEMAND = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }

async function withStream(
  options: Parameters<typeof boundKinesis>[0] = {},
  creation: object = { ShardCount: 1 },
) {
  const bound = boundKinesis(options)
  await bound.call('CreateStream', { StreamName, ...creation })
  await bound.clock.advance(1_000)
  const summary = async () =>
    (await bound.call('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary
  const put = (text: string, more: object = {}) =>
    bound.call('PutRecord', { StreamName, PartitionKey: 'a', Data: bytes(text), ...more })
  return { ...bound, summary, put }
}

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

test('a change makes the stream UPDATING, in which it takes records and no further change', async () => {
  const { call, clock, summary, put, refused } = await withStream({ stateDelayMs: 500 })
  await call('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 })
  assert.equal((await summary()).StreamStatus, 'UPDATING')
  await put('x')
  const again = await refused('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  assert.equal(again.code, 'ResourceInUseException')
  await clock.advance(500)
  await call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  await clock.advance(500)
  assert.equal((await summary()).MaxRecordSizeInKiB, 2_048)
  await put('x'.repeat(2 * 2 ** 20 - 1))
})

test('tags come and go by both families of operations, on streams and on consumers', async () => {
  const { call, refused } = await withStream()
  await call('AddTagsToStream', { StreamName, Tags: { b: '2', a: '1', c: '' } })
  await call('TagResource', { ResourceARN: StreamARN, Tags: { a: '3', d: '4' } })
  const first = await call('ListTagsForStream', { StreamARN, Limit: 2 })
  assert.deepEqual(first, {
    Tags: [
      { Key: 'a', Value: '3' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  const rest = await call('ListTagsForStream', { StreamName, ExclusiveStartTagKey: 'b' })
  assert.deepEqual([rest.Tags.map(({ Key }: Answer) => Key), rest.HasMoreTags], [['c', 'd'], false])
  await call('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'nothing'] })
  await call('UntagResource', { ResourceARN: StreamARN, TagKeys: ['b'] })
  const { Tags } = await call('ListTagsForResource', { ResourceARN: StreamARN })
  assert.deepEqual(Tags, [
    { Key: 'c', Value: '' },
    { Key: 'd', Value: '4' },
  ])
  const { Consumer } = await call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { x: '1' },
  })
  const ResourceARN = Consumer.ConsumerARN
  await call('TagResource', { ResourceARN, Tags: { y: '2' } })
  assert.equal((await call('ListTagsForResource', { ResourceARN })).Tags.length, 2)
  await call('UntagResource', { ResourceARN, TagKeys: ['x'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [{ Key: 'y', Value: '2' }])
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`t${index}`, '']))
  assert.match((await refused('AddTagsToStream', { StreamName, Tags: many })).message, /more than 50 tags/)
  assert.match(
    (await refused('TagResource', { ResourceARN, Tags: { '!': '' } })).message,
    /invalid characters/,
  )
  const other = `${StreamARN}/consumer/other:1`
  assert.equal(
    (await refused('ListTagsForResource', { ResourceARN: other })).code,
    'ResourceNotFoundException',
  )
})

test('a policy is stored for a stream or a consumer, and checked for its form', async () => {
  const { call, refused } = await withStream()
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  for (const ResourceARN of [StreamARN, Consumer.ConsumerARN]) {
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    assert.equal((await refused('DeleteResourcePolicy', { ResourceARN })).code, 'ResourceNotFoundException')
    await call('PutResourcePolicy', { ResourceARN, Policy })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy })
    await call('DeleteResourcePolicy', { ResourceARN })
    assert.deepEqual(await call('GetResourcePolicy', { ResourceARN }), { Policy: '{}' })
    for (const wrong of ['', '{', '[]', '{}'])
      assert.match((await refused('PutResourcePolicy', { ResourceARN, Policy: wrong })).message, /malformed/)
  }
})

test('shard-level metrics are enabled and disabled, one by one or all, and then counted', async () => {
  const counted: string[] = []
  const meters = {
    ...noMeters,
    count: (_: string, name: string, { ShardId }: Record<string, string>) => {
      if (ShardId) counted.push(name)
    },
  }
  const { call, summary, put } = await withStream({ meters })
  await put('x')
  assert.deepEqual(counted, [])
  const first = await call('EnableEnhancedMonitoring', {
    StreamName,
    ShardLevelMetrics: ['OutgoingBytes', 'IncomingBytes'],
  })
  assert.deepEqual(
    [first.CurrentShardLevelMetrics, first.DesiredShardLevelMetrics],
    [[], ['IncomingBytes', 'OutgoingBytes']],
  )
  await put('x')
  await call('GetRecords', { ShardIterator: await iteratorOf({ call }, StreamName) })
  assert.deepEqual(counted, ['IncomingBytes', 'OutgoingBytes'])
  await call('EnableEnhancedMonitoring', { StreamARN, ShardLevelMetrics: ['ALL'] })
  assert.equal((await summary()).EnhancedMonitoring[0].ShardLevelMetrics.length, 7)
  await call('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['IncomingBytes'] })
  const last = await call('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['ALL'] })
  assert.deepEqual([last.CurrentShardLevelMetrics.length, last.DesiredShardLevelMetrics], [6, []])
})

test('records are stored encrypted from StartStreamEncryption on, and read as they were put', async () => {
  const { call, summary, put, refused, plainLogs, metadata, kinesis } = await withStream()
  const KeyId = 'alias/aws/kinesis'
  const stored = async () => {
    const found = await kinesis.streams.get({
      account: '123456789012',
      region: 'eu-west-1',
      streamName: StreamName,
    })
    const { entries } = await plainLogs.read({ group: found.group, log: 'shardId-000000000000' }, 0, {
      entries: 9,
      bytes: 9_999,
    })
    return entries.map(({ data }) => Buffer.from(data).includes('secret'))
  }
  const plain = await put('secret1')
  assert.equal(plain.EncryptionType, undefined)
  assert.match(
    (await refused('StartStreamEncryption', { StreamName, EncryptionType: 'NONE', KeyId })).message,
    /KMS/,
  )
  assert.match(
    (await refused('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId: 'a b' })).message,
    /KeyId/,
  )
  await call('StartStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId })
  const { EncryptionType, KeyId: shown } = await summary()
  assert.deepEqual([EncryptionType, shown], ['KMS', KeyId])
  assert.equal((await put('secret2', { PartitionKey: 'secret-key' })).EncryptionType, 'KMS')
  const batch = await call('PutRecords', {
    StreamName,
    Records: [{ PartitionKey: 'a', Data: bytes('secret3') }],
  })
  assert.equal(batch.EncryptionType, 'KMS')
  await call('StopStreamEncryption', { StreamName, EncryptionType: 'KMS', KeyId })
  assert.equal((await summary()).EncryptionType, 'NONE')
  await put('secret4')
  assert.deepEqual(await stored(), [true, false, false, true])
  const { Records } = await call('GetRecords', { ShardIterator: await iteratorOf({ call }, StreamName) })
  assert.deepEqual(
    Records.map(({ Data, EncryptionType }: Answer) => [Buffer.from(Data).toString(), EncryptionType]),
    [
      ['secret1', undefined],
      ['secret2', 'KMS'],
      ['secret3', 'KMS'],
      ['secret4', undefined],
    ],
  )
  assert.equal(Records[1].PartitionKey, 'secret-key')
  assert.equal((await metadata.list({ prefix: 'log-key/' })).length, 1)
  await call('DeleteStream', { StreamName })
  assert.equal((await refused('DescribeStreamSummary', { StreamName })).code, 'ResourceNotFoundException')
  await call('CreateStream', { StreamName, ShardCount: 1 })
  assert.deepEqual(await metadata.list({ prefix: 'log-key/' }), [])
})

test('limits and account settings are those of AWS', async () => {
  const { call } = await withStream({}, { ShardCount: 3 })
  await call('CreateStream', { StreamName: 'more', ...ON_DEMAND })
  assert.deepEqual(await call('DescribeLimits', {}), {
    ShardLimit: 20_000,
    OpenShardCount: 3,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 50,
    ChannelCount: 0,
  })
  const settings = async () => (await call('DescribeAccountSettings', {})).MinimumThroughputBillingCommitment
  assert.deepEqual(await settings(), { Status: 'DISABLED' })
  const update = (Status: string) =>
    call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } })
  assert.equal((await update('ENABLED')).MinimumThroughputBillingCommitment.Status, 'ENABLED')
  assert.equal(
    (await update('DISABLED')).MinimumThroughputBillingCommitment.Status,
    'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
  )
  assert.equal((await settings()).Status, 'ENABLED_UNTIL_EARLIEST_ALLOWED_END')
})

test('a commitment lasts for a day at least', () => {
  const enabled = commitmentAfter(undefined, true, NOW)
  assert.equal(commitmentAfter(enabled, true, NOW + 5)?.startedAt, NOW)
  const ending = commitmentAfter(enabled, false, NOW + 1)
  assert.equal(
    describedCommitment(ending, NOW + 24 * HOUR_MS - 1).Status,
    'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
  )
  assert.deepEqual(describedCommitment(ending, NOW + 24 * HOUR_MS), {
    Status: 'DISABLED',
    StartedAt: NOW,
    EndedAt: NOW + 24 * HOUR_MS,
  })
  assert.equal(commitmentAfter(ending, true, NOW + 25 * HOUR_MS)?.startedAt, NOW + 25 * HOUR_MS)
  assert.equal(commitmentAfter(undefined, false, NOW), undefined)
})

test('the mode changes twice a day, and what only on-demand streams have goes with it', async () => {
  const { call, summary, refused } = await withStream({ limits: 'aws' })
  const to = (StreamMode: string) => ({ StreamARN, StreamModeDetails: { StreamMode } })
  const auto = { StreamARN, RecordDistributionStrategy: 'AUTO' }
  assert.equal((await refused('UpdateStreamRecordDistributionStrategy', auto)).code, 'ValidationException')
  await call('UpdateStreamMode', to('ON_DEMAND'))
  await call('UpdateStreamRecordDistributionStrategy', auto)
  assert.equal((await summary()).RecordDistributionStrategy, 'AUTO')
  const scale = { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }
  assert.equal((await refused('UpdateShardCount', scale)).code, 'ValidationException')
  await call('UpdateStreamMode', to('PROVISIONED'))
  assert.equal((await summary()).RecordDistributionStrategy, undefined)
  assert.match((await refused('UpdateStreamMode', to('ON_DEMAND'))).message, /more than 2 times/)
})

test('a stream that distributes records itself wants no keys and ignores them', async () => {
  const { call, put, refused } = await withStream({}, { ...ON_DEMAND, RecordDistributionStrategy: 'AUTO' })
  const shards = new Set<string>()
  for (let index = 0; index < 64; index++)
    shards.add((await put('x', { PartitionKey: undefined, ExplicitHashKey: '0' })).ShardId)
  assert.equal(shards.size, 4)
  await call('UpdateStreamRecordDistributionStrategy', {
    StreamARN,
    RecordDistributionStrategy: 'USER_PARTITION_KEY',
  })
  const without = { StreamName, Data: bytes('x') }
  assert.match(
    (await refused('PutRecord', without)).message,
    /'partitionKey' failed to satisfy constraint: Member must not be null/,
  )
})

test('warm throughput needs a commitment, and gives an on-demand stream its shards', async () => {
  const { call, summary, refused } = await withStream({}, ON_DEMAND)
  const warm = { StreamName, WarmThroughputMiBps: 10 }
  assert.match(
    (await refused('UpdateStreamWarmThroughput', warm)).message,
    /MinimumThroughputBillingCommitment/,
  )
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  const answer = await call('UpdateStreamWarmThroughput', warm)
  assert.equal(answer.WarmThroughput.TargetMiBps, 10)
  assert.equal((await summary()).OpenShardCount, 10)
  assert.deepEqual((await summary()).WarmThroughput, { TargetMiBps: 10, CurrentMiBps: 10 })
  await call('CreateStream', { StreamName: 'warm', ...ON_DEMAND, WarmThroughputMiBps: 6 })
  assert.equal((await call('ListShards', { StreamName: 'warm' })).Shards.length, 6)
  const provisioned = { StreamName: 'cold', ShardCount: 1, WarmThroughputMiBps: 6 }
  assert.equal((await refused('CreateStream', provisioned)).code, 'ValidationException')
})

test('an on-demand stream grows with the rate at which it is written to', async () => {
  const { call, clock, summary } = await withStream({}, ON_DEMAND)
  const mebibyte = Array.from({ length: 4 }, (_, index) => ({
    PartitionKey: 'a',
    ExplicitHashKey: String(2n ** 126n * BigInt(index)),
    Data: Buffer.alloc(2 ** 18 - 1),
  }))
  const put = () => call('PutRecords', { StreamName, Records: mebibyte })
  for (let second = 0; second < 3; second++) {
    await put()
    await put()
    await clock.advance(1_000)
  }
  assert.equal((await summary()).OpenShardCount, 4)
  await put()
  await put()
  await put()
  assert.equal((await summary()).OpenShardCount, 8)
  await clock.advance(1_000)
  await put()
  assert.equal((await summary()).OpenShardCount, 8)
})
