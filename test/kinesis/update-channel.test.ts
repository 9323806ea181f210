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

test('what cannot be updated is refused with the reason', async () => {
  const { createChannel, refused } = await withStreams({ stateDelayMs: 500 })
  const { ChannelARN } = await createChannel()
  for (const [change, message] of [
    [
      { S3DestinationConfiguration: { DataFreshnessInSeconds: 60 } },
      'DataFreshnessInSeconds must be between 300 and 900, it was 60.',
    ],
    [
      { S3TablesDestinationConfiguration: { DataFreshnessInSeconds: 901 } },
      'DataFreshnessInSeconds must be between 300 and 900, it was 901.',
    ],
  ] as const)
    assert.deepEqual(await refused('UpdateChannel', { ChannelARN, ...change }), {
      code: 'InvalidArgumentException',
      message,
    })
  assert.deepEqual(await refused('UpdateChannel', { ChannelARN }), {
    code: 'ResourceInUseException',
    message: 'Channel archive under account 123456789012 not ACTIVE, instead in state CREATING',
  })
})

test('a channel to a bucket has no table whose freshness could be updated', async () => {
  const { createChannel, refused } = await withStreams()
  const { ChannelARN } = await createChannel()
  const S3TablesDestinationConfiguration = { DataFreshnessInSeconds: 600 }
  assert.deepEqual(await refused('UpdateChannel', { ChannelARN, S3TablesDestinationConfiguration }), {
    code: 'InvalidArgumentException',
    message:
      'S3TablesDestinationConfiguration cannot be updated: the channel delivers to a general purpose bucket.',
  })
})
