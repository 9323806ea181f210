import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

test('metrics are disabled one by one, or all; the answer says what was and what is', async () => {
  const { call, summary } = await withStream()
  await call('EnableEnhancedMonitoring', {
    StreamName,
    ShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'],
  })
  assert.deepEqual(
    await call('DisableEnhancedMonitoring', {
      StreamName,
      ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    }),
    {
      StreamName,
      CurrentShardLevelMetrics: ['IncomingBytes', 'IncomingRecords'],
      DesiredShardLevelMetrics: ['IncomingRecords'],
      StreamARN,
    },
  )
  const all = await call('DisableEnhancedMonitoring', { StreamARN, ShardLevelMetrics: ['ALL'] })
  assert.deepEqual(all.DesiredShardLevelMetrics, [])
  assert.deepEqual((await summary()).EnhancedMonitoring, [{ ShardLevelMetrics: [] }])
})

test('DisableEnhancedMonitoring wants a stream that is ACTIVE, and metrics that there are', async () => {
  const ShardLevelMetrics = ['ALL']
  await assertWantsStream('DisableEnhancedMonitoring', { ShardLevelMetrics })
  await assertWantsActive('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics })
  const { refused } = await withStream()
  assert.deepEqual(await refused('DisableEnhancedMonitoring', { StreamName }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'shardLevelMetrics' failed to satisfy constraint: Member must not be null",
  })
})
