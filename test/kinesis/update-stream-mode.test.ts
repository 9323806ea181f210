import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHARD, StreamARN, StreamName, withStream } from './with-stream.ts'

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
