import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ON_DEMAND, StreamName, withStream } from './with-stream.ts'

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

test('warm throughput has its limit', async () => {
  const { call, refused } = await withStream({}, ON_DEMAND)
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  const warm = { StreamName, WarmThroughputMiBps: 10_241 }
  assert.equal((await refused('UpdateStreamWarmThroughput', warm)).code, 'LimitExceededException')
})

test('what UpdateStreamWarmThroughput cannot do it refuses', async () => {
  const { call, refused } = await withStream()
  const warm = (WarmThroughputMiBps: number) => ({ StreamName, WarmThroughputMiBps })
  assert.deepEqual(await refused('UpdateStreamWarmThroughput', warm(1)), {
    code: 'ValidationException',
    message:
      'WarmThroughputMiBps is only supported in accounts whose MinimumThroughputBillingCommitment is ENABLED. See UpdateAccountSettings.',
  })
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  assert.deepEqual(await refused('UpdateStreamWarmThroughput', warm(1)), {
    code: 'ValidationException',
    message: 'UpdateStreamWarmThroughput is only supported for streams with the ON_DEMAND stream mode.',
  })
  assert.deepEqual(await refused('UpdateStreamWarmThroughput', warm(10_241)), {
    code: 'LimitExceededException',
    message: 'WarmThroughputMiBps can be 10240 at most, it was 10241.',
  })
  assert.deepEqual(
    await refused('UpdateStreamWarmThroughput', { StreamName: 'nothing', WarmThroughputMiBps: 1 }),
    {
      code: 'ResourceNotFoundException',
      message: 'Stream nothing under account 123456789012 not found.',
    },
  )
})
