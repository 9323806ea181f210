import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NOW } from './bound-kinesis.ts'
import { assertWantsStream } from './stream-refusals.ts'
import { ON_DEMAND, StreamARN, StreamName, withStream } from './with-stream.ts'

test('a stream is summarized: the counts of what it has, and no shards', async () => {
  const { call } = await withStream({}, { ShardCount: 3, MaxRecordSizeInKiB: 2_048 })
  await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  assert.deepEqual(await call('DescribeStreamSummary', { StreamName }), {
    StreamDescriptionSummary: {
      StreamName,
      StreamARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      StreamCreationTimestamp: NOW,
      RetentionPeriodHours: 24,
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      OpenShardCount: 3,
      ConsumerCount: 1,
      MaxRecordSizeInKiB: 2_048,
      ChannelCount: 0,
    },
  })
})

test('the summary of an on-demand stream says how it distributes records', async () => {
  const { call, summary } = await withStream({}, ON_DEMAND)
  assert.equal((await summary()).RecordDistributionStrategy, 'USER_PARTITION_KEY')
  await call('UpdateStreamRecordDistributionStrategy', { StreamARN, RecordDistributionStrategy: 'AUTO' })
  assert.equal((await summary()).RecordDistributionStrategy, 'AUTO')
})

test('DescribeStreamSummary wants a stream', () => assertWantsStream('DescribeStreamSummary'))
