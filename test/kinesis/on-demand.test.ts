import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitmentAfter, describedCommitment } from '../../src/kinesis/limits/commitment.ts'
import { shardsWanted } from '../../src/kinesis/limits/on-demand-growth.ts'
import { onDemandShardLimitOf } from '../../src/kinesis/limits/quotas.ts'
import { bytes, NOW } from './bound-kinesis.ts'
import { ON_DEMAND, SHARD, StreamARN, StreamName, withStream } from './with-stream.ts'

const HOUR_MS = 3_600_000

test('the mode changes twice a day, and what only on-demand streams have goes with it', async () => {
  const { call, summary, refused } = await withStream({ limits: 'aws' })
  const to = (StreamMode: string) => ({ StreamARN, StreamModeDetails: { StreamMode } })
  const auto = { StreamARN, RecordDistributionStrategy: 'AUTO' }
  assert.equal((await refused('UpdateStreamRecordDistributionStrategy', auto)).code, 'ValidationException')
  await call('UpdateStreamMode', to('ON_DEMAND'))
  await call('UpdateStreamRecordDistributionStrategy', auto)
  assert.equal((await summary()).RecordDistributionStrategy, 'AUTO')
  const ofProvisioned: [string, object][] = [
    ['UpdateShardCount', { TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }],
    ['SplitShard', { ShardToSplit: SHARD, NewStartingHashKey: '5' }],
    ['MergeShards', { ShardToMerge: SHARD, AdjacentShardToMerge: SHARD }],
  ]
  for (const [name, input] of ofProvisioned)
    assert.deepEqual(await refused(name, { StreamName, ...input }), {
      code: 'ValidationException',
      message: 'Request is invalid. Stream orders under account 123456789012 is in On-Demand mode.',
    })
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
  await call('UpdateStreamWarmThroughput', { StreamName, WarmThroughputMiBps: 5 })
  assert.deepEqual((await summary()).WarmThroughput, { TargetMiBps: 5, CurrentMiBps: 5 })
  await call('UpdateStreamWarmThroughput', { StreamName, WarmThroughputMiBps: 0 })
  assert.deepEqual((await summary()).WarmThroughput, { TargetMiBps: 0, CurrentMiBps: 4 })
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

test('an on-demand stream grows as far as AWS lets it in its region', () => {
  const rate = { records: 0, bytes: 2 ** 40 }
  assert.equal(shardsWanted(rate, 150, onDemandShardLimitOf('eu-west-2')), 200)
  assert.equal(shardsWanted(rate, 300, onDemandShardLimitOf('eu-west-2')), 300)
  assert.equal(shardsWanted(rate, 300, onDemandShardLimitOf('eu-west-1')), 600)
})

test('warm throughput has its limit', async () => {
  const { call, refused } = await withStream({}, ON_DEMAND)
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  const warm = { StreamName, WarmThroughputMiBps: 10_241 }
  assert.equal((await refused('UpdateStreamWarmThroughput', warm)).code, 'LimitExceededException')
})
