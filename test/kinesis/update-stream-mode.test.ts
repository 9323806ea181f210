import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withStreams } from './channel-requests.ts'
import { assertWantsActive, assertWantsStreamArn } from './stream-refusals.ts'
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

test('what UpdateStreamMode cannot do it refuses', async () => {
  const to = (StreamMode: string) => ({ StreamARN, StreamModeDetails: { StreamMode } })
  await assertWantsStreamArn('UpdateStreamMode', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await assertWantsActive('UpdateStreamMode', to('ON_DEMAND'))
  const { call, refused } = await withStream({ limits: 'aws' })
  assert.deepEqual(await refused('UpdateStreamMode', { ...to('PROVISIONED'), WarmThroughputMiBps: 1 }), {
    code: 'ValidationException',
    message: 'WarmThroughputMiBps is only supported for streams with the ON_DEMAND stream mode.',
  })
  for (const mode of ['ON_DEMAND', 'PROVISIONED']) await call('UpdateStreamMode', to(mode))
  assert.deepEqual(await refused('UpdateStreamMode', to('ON_DEMAND')), {
    code: 'LimitExceededException',
    message:
      'The mode of stream orders under account 123456789012 cannot be changed more than 2 times in 24 hours.',
  })
})

test('a stream with a channel stays on-demand', async () => {
  const { createChannel, refused } = await withStreams()
  await createChannel()
  const toProvisioned = { StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } }
  assert.deepEqual(await refused('UpdateStreamMode', toProvisioned), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 has channels: delete them first.',
  })
})
