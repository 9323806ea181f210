import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uniformHashKeyRanges } from '../../src/kinesis/shards/shard.ts'
import { assertWantsActive, assertWantsStream } from './stream-refusals.ts'
import { withShards } from './with-shards.ts'

test("a stream is scaled uniformly, within AWS's limits", async () => {
  const { call, refused, open, clock } = await withShards(3, { limits: 'aws' })
  const to = (TargetShardCount: number) => ({
    StreamName: 'orders',
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  })
  const answer = await call('UpdateShardCount', to(5))
  assert.deepEqual([answer.CurrentShardCount, answer.TargetShardCount], [3, 5])
  assert.deepEqual(
    (await open()).map(({ HashKeyRange }) => HashKeyRange.StartingHashKey).toSorted(),
    uniformHashKeyRanges(5)
      .map(({ start }) => start)
      .toSorted(),
  )
  for (const [target, words] of [
    [11, 'UpdateShardCount cannot scale up over double'],
    [2, 'UpdateShardCount cannot scale down below half'],
  ] as const)
    assert.deepEqual(await refused('UpdateShardCount', to(target)), {
      code: 'LimitExceededException',
      message: `${words} your current open shard count. Current open shard count: 5 Target shard count: ${target}`,
    })
  assert.match(
    (await refused('UpdateShardCount', to(10_001))).message,
    /^Target shard count or number of open shards cannot be greater than 10000\. Current open shard count: 5 Target/,
  )
  for (let count = 1; count < 10; count++) {
    await clock.advance(60_000)
    await call('UpdateShardCount', to(count % 2 === 0 ? 5 : 4))
  }
  assert.match((await refused('UpdateShardCount', to(5))).message, /more than 10 times in 24 hours/)
  await clock.advance(24 * 3_600_000)
  await call('UpdateShardCount', to(5))
  assert.equal((await open()).length, 5)
})

test('UpdateShardCount wants a stream that is ACTIVE, and is not called more than ten times a day', async () => {
  const scaling = { TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }
  await assertWantsStream('UpdateShardCount', scaling)
  await assertWantsActive('UpdateShardCount', { StreamName: 'orders', ...scaling })
  const { call, refused } = await withShards(2, { limits: 'aws' })
  const input = { StreamName: 'orders', ...scaling }
  for (let count = 0; count < 10; count++) await call('UpdateShardCount', input)
  assert.deepEqual(await refused('UpdateShardCount', input), {
    code: 'LimitExceededException',
    message: 'Stream orders under account 123456789012 cannot be scaled more than 10 times in 24 hours.',
  })
})
