import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeRecord } from '../../src/engine/record.ts'
import type { ChannelDelivery, ShardStart } from '../../src/kinesis/channels/changes.ts'
import { DEFAULT_KEY_TEMPLATE } from '../../src/kinesis/channels/output-key-template.ts'
import { type Answer, bytes, NOW } from './bound-kinesis.ts'
import {
  arnOf,
  channel,
  ExpectedBucketOwner,
  from,
  StorageConfiguration,
  withStreams,
} from './channel-requests.ts'

test('a channel is described with what was asked for and the defaults of the rest', async () => {
  const { createChannel, call } = await withStreams()
  const { ChannelId, ...described } = await createChannel()
  const ChannelARN = `arn:aws:kinesis:eu-west-1:123456789012:channel/${ChannelId}`
  const expected = {
    ChannelName: 'archive',
    ChannelARN,
    ChannelStatus: 'CREATING',
    ChannelCreationTimestamp: NOW,
    ServiceExecutionRoleARN: 'arn:aws:iam::123456789012:role/delivery',
    StreamConfigurationList: [
      {
        StreamARN: arnOf('orders'),
        StreamCreationTimestamp: NOW,
        RecordConfiguration: { RecordFormatType: 'JSON' },
      },
    ],
    S3DestinationConfiguration: {
      DataFreshnessInSeconds: 300,
      DeadLetterQueueS3Configuration: {
        BucketARN: 'arn:aws:s3:::archive',
        ExpectedBucketOwner,
        ErrorOutputPrefix: `kinesis-channel/errors/archive/${ChannelId}/`,
      },
      StorageConfiguration: {
        ...StorageConfiguration,
        OutputKeyTemplate: DEFAULT_KEY_TEMPLATE,
        StorageClass: 'STANDARD',
      },
    },
    LoggingConfiguration: { CloudWatchLogs: { Enabled: false } },
  }
  assert.deepEqual(described, expected)
  const { ChannelDescription } = await call('DescribeChannel', { ChannelARN })
  assert.deepEqual(ChannelDescription, { ...expected, ChannelId, ChannelStatus: 'ACTIVE' })
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

test('a channel is CREATING, UPDATING and DELETING for a while, and busy until then', async () => {
  const { createChannel, call, refused, clock } = await withStreams({ stateDelayMs: 500 })
  const { ChannelARN } = await createChannel()
  const statusOf = async () =>
    (await call('DescribeChannel', { ChannelARN })).ChannelDescription.ChannelStatus
  const S3DestinationConfiguration = { DataFreshnessInSeconds: 300 }
  const busy = async () => {
    for (const operation of ['UpdateChannel', 'DeleteChannel'])
      assert.equal((await refused(operation, { ChannelARN })).code, 'ResourceInUseException')
  }
  assert.equal(await statusOf(), 'CREATING')
  await busy()
  await clock.advance(500)
  assert.equal(await statusOf(), 'ACTIVE')
  await call('UpdateChannel', { ChannelARN, S3DestinationConfiguration })
  assert.equal(await statusOf(), 'UPDATING')
  await busy()
  await clock.advance(500)
  await call('DeleteChannel', { ChannelARN })
  assert.equal(await statusOf(), 'DELETING')
  await busy()
  assert.equal((await refused('CreateChannel', channel())).code, 'ResourceInUseException')
  await clock.advance(500)
  assert.equal((await refused('DescribeChannel', { ChannelARN })).code, 'ResourceNotFoundException')
  await createChannel()
})

test('delivery begins with what is put when the channel is ACTIVE', async () => {
  let starts: readonly ShardStart[] = []
  const begin: ChannelDelivery['begin'] = (_, given) => {
    starts = given
    return []
  }
  const bound = await withStreams({
    stateDelayMs: 500,
    channels: { begin, obstacleOf: async () => undefined },
  })
  const put = (text: string) =>
    bound.call('PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: bytes(text) })
  await put('before')
  await bound.createChannel()
  await bound.clock.advance(499)
  await put('while it is CREATING')
  await bound.clock.advance(1)
  await put('1')
  await put('2')
  const limits = { entries: 100, bytes: 2 ** 20 }
  const slices = await Promise.all(starts.map((start) => bound.logs.read(start, start.next, limits)))
  const texts = slices.flatMap(({ entries }) => entries.map(({ data }) => String(decodeRecord(data).data)))
  assert.equal(starts.length, 4)
  assert.deepEqual(texts, ['1', '2'])
})

test('channels are listed by name, of some streams, page by page', async () => {
  const { createChannel, call, refused } = await withStreams()
  for (const [name, stream] of [
    ['b', 'orders'],
    ['a', 'clicks'],
    ['c', 'orders'],
  ] as const)
    await createChannel({ ChannelName: name, StreamConfigurationList: from(stream) })
  const namesOf = async (input: object) => {
    const { ChannelSummaries, NextToken } = await call('ListChannels', input)
    return { names: ChannelSummaries.map(({ ChannelName }: Answer) => ChannelName).join(), NextToken }
  }
  const of = (StreamARN: string, StreamCreationTimestamp?: number) =>
    namesOf({ StreamFilter: [{ StreamARN, ...(StreamCreationTimestamp && { StreamCreationTimestamp }) }] })
  assert.equal((await namesOf({})).names, 'a,b,c')
  assert.equal((await of(arnOf('orders'))).names, 'b,c')
  assert.equal((await of(arnOf('orders'), NOW)).names, 'b,c')
  assert.equal((await of(arnOf('orders'), NOW - 1_000)).names, '')
  const first = await namesOf({ MaxResults: 2 })
  assert.equal(first.names, 'a,b')
  assert.deepEqual(await namesOf({ MaxResults: 2, NextToken: first.NextToken }), {
    names: 'c',
    NextToken: undefined,
  })
  assert.equal((await refused('ListChannels', { NextToken: 'x' })).code, 'InvalidArgumentException')
  const { ChannelSummaries } = await call('ListChannels', { MaxResults: 1 })
  assert.partialDeepStrictEqual(ChannelSummaries, [
    {
      ChannelStatus: 'ACTIVE',
      ChannelDestinationType: 'S3',
      Streams: [{ StreamARN: arnOf('clicks'), StreamCreationTimestamp: NOW }],
    },
  ])
})

test('a stream with a channel counts it, and is neither deleted nor made provisioned before the channel is', async () => {
  const { createChannel, call, refused } = await withStreams()
  const { ChannelARN } = await createChannel()
  const counts = async () => ({
    ofStream: (await call('DescribeStreamSummary', { StreamName: 'orders' })).StreamDescriptionSummary
      .ChannelCount,
    ofAccount: (await call('DescribeLimits', {})).ChannelCount,
  })
  assert.deepEqual(await counts(), { ofStream: 1, ofAccount: 1 })
  const toProvisioned = {
    StreamARN: arnOf('orders'),
    StreamModeDetails: { StreamMode: 'PROVISIONED' },
  }
  const byForce = { StreamName: 'orders', EnforceConsumerDeletion: true }
  assert.equal((await refused('DeleteStream', byForce)).code, 'ResourceInUseException')
  assert.equal((await refused('UpdateStreamMode', toProvisioned)).code, 'ResourceInUseException')
  await call('DeleteChannel', { ChannelARN })
  assert.deepEqual(await counts(), { ofStream: 0, ofAccount: 0 })
  await call('UpdateStreamMode', toProvisioned)
  await call('DeleteStream', { StreamName: 'orders' })
})

test('of channels of one name that are created at the same time one is there, and its stream knows it once', async () => {
  const { createChannel, call } = await withStreams()
  const outcomes = await Promise.allSettled([createChannel(), createChannel(), createChannel()])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ResourceInUseException')
  assert.equal((await call('ListChannels', {})).ChannelSummaries.length, 1)
  assert.equal((await call('DescribeLimits', {})).ChannelCount, 1)
})

test("a channel's tags are changed and listed like those of streams; it has no policy", async () => {
  const { createChannel, call, refused } = await withStreams()
  const { ChannelARN: ResourceARN } = await createChannel({ Tags: { team: 'data', stage: '' } })
  await call('TagResource', { ResourceARN, Tags: { cost: '7' } })
  await call('UntagResource', { ResourceARN, TagKeys: ['stage'] })
  assert.deepEqual((await call('ListTagsForResource', { ResourceARN })).Tags, [
    { Key: 'cost', Value: '7' },
    { Key: 'team', Value: 'data' },
  ])
  const Tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key${index}`, '']))
  assert.equal((await refused('TagResource', { ResourceARN, Tags })).code, 'InvalidArgumentException')
  assert.equal((await refused('GetResourcePolicy', { ResourceARN })).code, 'ValidationException')
})
