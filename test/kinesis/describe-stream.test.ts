import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis, bytes, NOW } from './bound-kinesis.ts'
import { assertWantsStream } from './stream-refusals.ts'

const ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders'
const NOT_FOUND = {
  code: 'ResourceNotFoundException',
  message: 'Stream orders under account 123456789012 not found.',
}

test('a stream is CREATING, then ACTIVE, and described as AWS does', async () => {
  const { call, clock, refused } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName: 'orders', ShardCount: 2 })
  const described = async () => (await call('DescribeStream', { StreamName: 'orders' })).StreamDescription
  const creating = await described()
  assert.equal(creating.StreamStatus, 'CREATING')
  assert.deepEqual(creating.Shards, [])
  const put = { StreamName: 'orders', PartitionKey: 'a', Data: bytes('x') }
  assert.deepEqual(await refused('PutRecord', put), NOT_FOUND)
  assert.deepEqual(await refused('ListShards', { StreamName: 'orders' }), {
    code: 'ResourceInUseException',
    message: 'Stream orders under account 123456789012 not ACTIVE, instead in state CREATING',
  })
  await clock.advance(500)
  const active = await described()
  assert.deepEqual(
    { ...active, Shards: active.Shards.length },
    {
      StreamName: 'orders',
      StreamARN: ARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: NOW,
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      Shards: 2,
      HasMoreShards: false,
    },
  )
  const summary = (await call('DescribeStreamSummary', { StreamARN: ARN })).StreamDescriptionSummary
  assert.equal(summary.OpenShardCount, 2)
  assert.equal(summary.ConsumerCount, 0)
  assert.equal(summary.MaxRecordSizeInKiB, 1_024)
})

test('a stream is named by its name or its ARN, and by nothing else', async () => {
  const { call, refused } = boundKinesis()
  await call('CreateStream', { StreamName: 'orders', ShardCount: 1 })
  const byBoth = { StreamName: 'orders', StreamARN: ARN, StreamId: 'abcdefghij0123456789-abc' }
  assert.ok(await call('DescribeStreamSummary', byBoth))
  for (const input of [{}, { StreamName: 'other', StreamARN: ARN }])
    assert.equal((await refused('DescribeStream', input)).code, 'InvalidArgumentException')
  const elsewhere = { StreamARN: ARN.replace('123456789012', '210987654321') }
  assert.deepEqual(await refused('DescribeStream', elsewhere), {
    code: 'ResourceNotFoundException',
    message: 'Stream orders under account 210987654321 not found.',
  })
})

test('DescribeStream wants a stream, and shows ten thousand shards at most', async () => {
  await assertWantsStream('DescribeStream')
  const { refused } = boundKinesis()
  assert.deepEqual(await refused('DescribeStream', { StreamName: 'orders', Limit: 10_001 }), {
    code: 'ValidationException',
    message:
      "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  })
})
