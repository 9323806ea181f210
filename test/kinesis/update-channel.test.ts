import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arnOf, ExpectedBucketOwner, StorageConfiguration, withStreams } from './channel-requests.ts'

test('the other operations want a channel that is there, and an update one that fits', async () => {
  const { createChannel, refused } = await withStreams()
  const ChannelARN = 'arn:aws:kinesis:eu-west-1:123456789012:channel/nowhere'
  for (const operation of ['DescribeChannel', 'UpdateChannel', 'DeleteChannel']) {
    assert.equal((await refused(operation, { ChannelARN })).code, 'ResourceNotFoundException')
    assert.equal((await refused(operation, { ChannelARN: arnOf('orders') })).code, 'ValidationException')
  }
  const present = await createChannel()
  for (const wrong of [
    { S3DestinationConfiguration: { DataFreshnessInSeconds: 60 } },
    { S3TablesDestinationConfiguration: { DataFreshnessInSeconds: 600 } },
  ]) {
    const update = await refused('UpdateChannel', { ChannelARN: present.ChannelARN, ...wrong })
    assert.equal(update.code, 'InvalidArgumentException')
  }
})

test('what is given of dead letters and logs is kept, and logs have default names', async () => {
  const { createChannel, call } = await withStreams()
  const letters = { BucketARN: 'arn:aws:s3:::letters', ExpectedBucketOwner, ErrorOutputPrefix: 'wrong/' }
  const { ChannelARN, ChannelId, ...described } = await createChannel({
    S3DestinationConfiguration: { StorageConfiguration, DeadLetterQueueS3Configuration: letters },
    LoggingConfiguration: { CloudWatchLogs: { Enabled: true } },
  })
  assert.deepEqual(described.S3DestinationConfiguration.DeadLetterQueueS3Configuration, letters)
  assert.deepEqual(described.LoggingConfiguration.CloudWatchLogs, {
    Enabled: true,
    LogGroupName: `/aws/kinesis/archive/${ChannelId}`,
    LogStreamName: 'DestinationDelivery',
  })
  const CloudWatchLogs = { Enabled: true, LogGroupName: 'group', LogStreamName: 'stream' }
  const { ChannelDescription } = await call('UpdateChannel', {
    ChannelARN,
    LoggingConfiguration: { CloudWatchLogs },
    S3DestinationConfiguration: { DataFreshnessInSeconds: 600 },
  })
  assert.deepEqual(ChannelDescription.LoggingConfiguration, { CloudWatchLogs })
  assert.equal(ChannelDescription.S3DestinationConfiguration.DataFreshnessInSeconds, 600)
})
