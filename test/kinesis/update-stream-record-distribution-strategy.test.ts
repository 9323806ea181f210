import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes } from './bound-kinesis.ts'
import { assertWantsActive, assertWantsStreamArn } from './stream-refusals.ts'
import { ON_DEMAND, StreamARN, StreamName, withStream } from './with-stream.ts'

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

test('only an on-demand stream distributes records itself', async () => {
  const auto = { RecordDistributionStrategy: 'AUTO' }
  await assertWantsStreamArn('UpdateStreamRecordDistributionStrategy', auto)
  await assertWantsActive('UpdateStreamRecordDistributionStrategy', { StreamARN, ...auto })
  const { refused } = await withStream()
  assert.deepEqual(await refused('UpdateStreamRecordDistributionStrategy', { StreamARN, ...auto }), {
    code: 'ValidationException',
    message:
      'UpdateStreamRecordDistributionStrategy is only supported for streams with the ON_DEMAND stream mode.',
  })
})
