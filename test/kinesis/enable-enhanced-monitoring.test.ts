import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noMeters } from '../../src/metrics/meters.ts'
import { iteratorOf } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { StreamARN, StreamName, withStream } from './with-stream.ts'

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

test('EnableEnhancedMonitoring wants a stream that is ACTIVE, and metrics that there are', async () => {
  const ShardLevelMetrics = ['IncomingBytes']
  await assertWantsStream('EnableEnhancedMonitoring', { ShardLevelMetrics })
  await assertWantsActive('EnableEnhancedMonitoring', { StreamName, ShardLevelMetrics })
  const { refused } = await withStream()
  const unknown = { StreamName, ShardLevelMetrics: ['IncomingPackets'] }
  const { code, message } = await refused('EnableEnhancedMonitoring', unknown)
  assert.equal(code, 'ValidationException')
  assert.match(
    message,
    /at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: \[Member must/,
  )
})
