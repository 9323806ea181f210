import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-kinesis'
import { kinesisService } from '../../../src/kinesis/service.ts'
import { fetchSigned } from '../../client-access.ts'
import { clientOf, startServer } from '../../server.ts'

const StreamName = 'orders'
const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
const ShardId = 'shardId-000000000000'

// biome-ignore lint/suspicious/noExplicitAny: every operation's answer goes through one function
type Answer = any

test('every operation does what it says through the SDK', async (context) => {
  const { clientConfig, clock, endpoint } = await startServer(context)
  const client = clientOf(context, new sdk.KinesisClient({ ...clientConfig, maxAttempts: 1 }))
  const called = new Set<string>()
  const call = async (name: string, input: object = {}): Promise<Answer> => {
    called.add(name)
    const Command = (sdk as Answer)[`${name}Command`]
    const { $metadata, ...output } = await client.send(new Command(input) as Answer)
    assert.equal($metadata.httpStatusCode, 200, name)
    return output
  }
  const summary = async () => (await call('DescribeStreamSummary', { StreamARN })).StreamDescriptionSummary
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
  const KeyId = 'alias/aws/kinesis'
  const onStream = { StreamName }

  await call('CreateStream', { ...onStream, ShardCount: 1, Tags: { a: '1' } })
  assert.deepEqual((await call('ListStreams')).StreamNames, [StreamName])
  await call('IncreaseStreamRetentionPeriod', { ...onStream, RetentionPeriodHours: 48 })
  await call('DecreaseStreamRetentionPeriod', { StreamARN, RetentionPeriodHours: 36 })
  await call('EnableEnhancedMonitoring', {
    ...onStream,
    ShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
  })
  await call('DisableEnhancedMonitoring', { StreamARN, ShardLevelMetrics: ['IncomingBytes'] })
  await call('StartStreamEncryption', { ...onStream, EncryptionType: 'KMS', KeyId })
  await call('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2_048 })
  const described = await summary()
  assert.deepEqual(
    [described.RetentionPeriodHours, described.EncryptionType, described.KeyId, described.MaxRecordSizeInKiB],
    [36, 'KMS', KeyId, 2_048],
  )
  assert.deepEqual(described.EnhancedMonitoring, [{ ShardLevelMetrics: ['OutgoingBytes'] }])

  await call('AddTagsToStream', { StreamARN, Tags: { b: '2' } })
  await call('RemoveTagsFromStream', { ...onStream, TagKeys: ['a'] })
  assert.deepEqual((await call('ListTagsForStream', onStream)).Tags, [{ Key: 'b', Value: '2' }])
  await call('TagResource', { ResourceARN: StreamARN, Tags: { c: '3' } })
  await call('UntagResource', { ResourceARN: StreamARN, TagKeys: ['b'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN: StreamARN })).Tags, [
    { Key: 'c', Value: '3' },
  ])
  await call('PutResourcePolicy', { ResourceARN: StreamARN, Policy })
  assert.equal((await call('GetResourcePolicy', { ResourceARN: StreamARN })).Policy, Policy)
  await call('DeleteResourcePolicy', { ResourceARN: StreamARN })

  const Data = Buffer.from('x')
  assert.equal((await call('PutRecord', { StreamARN, PartitionKey: 'a', Data })).EncryptionType, 'KMS')
  await call('PutRecords', { ...onStream, Records: [{ PartitionKey: 'b', Data }] })
  const from = { ShardId, ShardIteratorType: 'TRIM_HORIZON' }
  const { ShardIterator } = await call('GetShardIterator', { StreamARN, ...from })
  const { Records } = await call('GetRecords', { ShardIterator, StreamARN })
  assert.deepEqual(
    Records.map(({ EncryptionType }: Answer) => EncryptionType),
    ['KMS', 'KMS'],
  )
  await call('StopStreamEncryption', { StreamARN, EncryptionType: 'KMS', KeyId })

  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' })
  const { ConsumerARN } = Consumer
  const byName = await call('DescribeStreamConsumer', { StreamARN, ConsumerName: 'app' })
  assert.equal(byName.ConsumerDescription.ConsumerStatus, 'ACTIVE')
  assert.equal((await call('ListStreamConsumers', { StreamARN })).Consumers[0].ConsumerARN, ConsumerARN)
  const StartingPosition = { Type: 'TRIM_HORIZON' }
  const { EventStream } = await call('SubscribeToShard', { ConsumerARN, ShardId, StartingPosition })
  await call('SplitShard', { ...onStream, ShardToSplit: ShardId, NewStartingHashKey: '1000' })
  let delivered = 0
  for await (const { SubscribeToShardEvent } of EventStream) delivered += SubscribeToShardEvent.Records.length
  assert.equal(delivered, 2)
  await call('DeregisterStreamConsumer', { ConsumerARN })

  const [, lower, upper] = (await call('ListShards', { StreamARN })).Shards
  await call('MergeShards', { StreamARN, ShardToMerge: lower.ShardId, AdjacentShardToMerge: upper.ShardId })
  const scaling = { TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }
  assert.equal((await call('UpdateShardCount', { StreamARN, ...scaling })).CurrentShardCount, 1)
  const { StreamDescription } = await call('DescribeStream', { StreamARN })
  assert.equal(StreamDescription.Shards.length, 6)

  await call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await call('UpdateStreamRecordDistributionStrategy', { StreamARN, RecordDistributionStrategy: 'AUTO' })
  await call('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'ENABLED' } })
  const settings = (await call('DescribeAccountSettings')).MinimumThroughputBillingCommitment
  assert.equal(settings.StartedAt.getTime(), clock.now().getTime())
  await call('UpdateStreamWarmThroughput', { ...onStream, WarmThroughputMiBps: 4 })
  assert.deepEqual((await summary()).WarmThroughput, { TargetMiBps: 4, CurrentMiBps: 4 })

  await fetchSigned(`${endpoint}/archive`, { method: 'PUT' })
  const bucket = { BucketARN: 'arn:aws:s3:::archive', ExpectedBucketOwner: '000000000000' }
  const { ChannelDescription } = await call('CreateChannel', {
    ChannelName: 'archive',
    ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/delivery',
    StreamConfigurationList: [{ StreamARN, RecordConfiguration: { RecordFormatType: 'JSON' } }],
    S3DestinationConfiguration: { StorageConfiguration: { ...bucket, CompressionType: 'GZIP' } },
  })
  const { ChannelARN } = ChannelDescription
  await call('UpdateChannel', { ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 900 } })
  const channel = (await call('DescribeChannel', { ChannelARN })).ChannelDescription
  assert.equal(channel.ChannelStatus, 'ACTIVE')
  assert.equal(channel.S3DestinationConfiguration.DataFreshnessInSeconds, 900)
  const { ChannelSummaries } = await call('ListChannels', { StreamFilter: [{ StreamARN }], MaxResults: 1 })
  assert.equal(ChannelSummaries[0].ChannelARN, ChannelARN)
  const { OnDemandStreamCount, ChannelCount } = await call('DescribeLimits')
  assert.deepEqual([OnDemandStreamCount, ChannelCount], [1, 1])
  await call('DeleteChannel', { ChannelARN })

  await call('DeleteStream', { StreamARN })
  assert.deepEqual([...called].toSorted(), [...kinesisService.operations.keys()].toSorted())
})
