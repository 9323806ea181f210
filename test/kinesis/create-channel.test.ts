import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeRecord } from '../../src/engine/ports/record.ts'
import { DEFAULT_KEY_TEMPLATE } from '../../src/kinesis/channels/output-key-template.ts'
import type { ChannelDelivery, ShardStart } from '../../src/kinesis/channels/transitions.ts'
import { boundKinesis, bytes, NOW } from './bound-kinesis.ts'
import {
  arnOf,
  channel,
  ExpectedBucketOwner,
  from,
  GSRSchemaARN,
  StorageConfiguration,
  source,
  stored,
  table,
  tables,
  toTables,
  withStreams,
} from './channel-requests.ts'

test('what is not delivered is refused by name', async () => {
  const { refused, metadata } = await withStreams()
  const before = await metadata.list({ prefix: '' })
  for (const [input, member] of [
    [toTables(), 'S3TablesDestinationConfiguration'],
    [
      channel({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/own' } }),
      'EncryptionConfiguration',
    ],
    [
      channel({ StreamConfigurationList: source({ RecordFormatType: 'JSON', GSRSchemaARN }) }),
      'GSRSchemaARN',
    ],
  ] as const) {
    const { code, message } = await refused('CreateChannel', input)
    assert.equal(code, 'UnsupportedOperationException')
    assert.ok(message.startsWith(`Standpipe does not support ${member} of CreateChannel.`), message)
  }
  assert.deepEqual(await metadata.list({ prefix: '' }), before)
})

test('CreateChannel refuses what AWS refuses', async () => {
  const { call, refused } = await withStreams()
  const codeOf = async (input: object) => (await refused('CreateChannel', input)).code
  for (const input of [
    channel({ S3DestinationConfiguration: undefined }),
    toTables({ S3DestinationConfiguration: { StorageConfiguration } }),
    channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 299 } }),
    channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 901 } }),
    channel({ StreamConfigurationList: [...from('orders'), ...from('clicks')] }),
    channel({ StreamConfigurationList: source({ RecordFormatType: 'GSR_JSON' }) }),
    toTables({ StreamConfigurationList: source({ RecordFormatType: 'STRING', GSRSchemaARN }) }),
    toTables({ StreamConfigurationList: from('orders') }),
    toTables({ S3TablesDestinationConfiguration: { ...tables, S3TablesConfigurationList: [table, table] } }),
    channel({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }),
    channel({ Tags: { '<': 'x' } }),
    channel(stored({ OutputKeyTemplate: '/!{channel-name}!{extension}' })),
    channel(stored({ OutputKeyTemplate: '!{channel-name}' })),
    channel({
      StreamConfigurationList: [
        { ...from('orders')[0], StreamARN: arnOf('orders').replace('eu-west-1', 'eu-west-2') },
      ],
    }),
  ])
    assert.equal(await codeOf(input), 'InvalidArgumentException', JSON.stringify(input))
  assert.equal(
    await codeOf(channel({ StreamConfigurationList: from('nowhere') })),
    'ResourceNotFoundException',
  )
  assert.equal(await codeOf(channel({ StreamConfigurationList: from('provisioned') })), 'ValidationException')
  for (const wrong of [
    { ChannelName: 'a b' },
    { ServiceExecutionRoleARN: 'role' },
    { StreamConfigurationList: [] },
    stored({ CompressionType: 'SNAPPY' }),
  ])
    assert.match((await refused('CreateChannel', channel(wrong))).message, /^1 validation error detected/)
  await call('StartStreamEncryption', {
    StreamName: 'orders',
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  })
  assert.equal(await codeOf(channel()), 'InvalidArgumentException')
})

test('a stream has one channel, unless limits are off', async () => {
  for (const limits of ['aws', 'off'] as const) {
    const { createChannel, refused } = await withStreams({ limits })
    await createChannel()
    const second = { ChannelName: 'second' }
    if (limits === 'off') await createChannel(second)
    else assert.equal((await refused('CreateChannel', channel(second))).code, 'LimitExceededException')
  }
})

test('a stream that is not ACTIVE is no source of a channel', async () => {
  const { call, refused } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  assert.equal((await refused('CreateChannel', channel())).code, 'ResourceInUseException')
})

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

test('of channels of one name that are created at the same time one is there, and its stream knows it once', async () => {
  const { createChannel, call } = await withStreams()
  const outcomes = await Promise.allSettled([createChannel(), createChannel(), createChannel()])
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'ResourceInUseException')
  assert.equal((await call('ListChannels', {})).ChannelSummaries.length, 1)
  assert.equal((await call('DescribeLimits', {})).ChannelCount, 1)
})

test('what CreateChannel refuses it refuses with the reason', async () => {
  const { call, createChannel, refused } = await withStreams({ limits: 'aws' })
  const other = arnOf('orders').replace('eu-west-1', 'eu-west-2')
  const invalid = 'InvalidArgumentException'
  const oneDestination =
    'Either S3DestinationConfiguration or S3TablesDestinationConfiguration should be provided, not both.'
  const refusals = async (cases: readonly (readonly [object, string, string])[]) => {
    for (const [input, code, message] of cases)
      assert.deepEqual(await refused('CreateChannel', input), { code, message })
  }
  await refusals([
    [channel({ S3DestinationConfiguration: undefined }), invalid, oneDestination],
    [toTables({ S3DestinationConfiguration: { StorageConfiguration } }), invalid, oneDestination],
    [
      channel({ StreamConfigurationList: [...from('orders'), ...from('clicks')] }),
      invalid,
      'StreamConfigurationList must have exactly one element.',
    ],
    [
      toTables({
        S3TablesDestinationConfiguration: { ...tables, S3TablesConfigurationList: [table, table] },
      }),
      invalid,
      'S3TablesConfigurationList must have exactly one element.',
    ],
    [
      channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 901 } }),
      invalid,
      'DataFreshnessInSeconds must be between 300 and 900, it was 901.',
    ],
    [
      channel({ StreamConfigurationList: source({ RecordFormatType: 'GSR_JSON' }) }),
      invalid,
      'RecordFormatType GSR_JSON is not supported for general purpose buckets.',
    ],
    [
      toTables({ StreamConfigurationList: source({ RecordFormatType: 'STRING', GSRSchemaARN }) }),
      invalid,
      'RecordFormatType STRING is not supported for streaming tables.',
    ],
    [
      toTables({ StreamConfigurationList: from('orders') }),
      invalid,
      'GSRSchemaARN must be provided for a channel that delivers to a streaming table.',
    ],
    [
      channel({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }),
      invalid,
      'KeyId alias/aws/kinesis is not an ID, ARN or alias of a KMS key.',
    ],
    [
      channel(stored({ OutputKeyTemplate: '/!{channel-name}!{extension}' })),
      invalid,
      'OutputKeyTemplate /!{channel-name}!{extension} is invalid: it must not start with a slash.',
    ],
    [
      channel({ StreamConfigurationList: [{ ...from('orders')[0], StreamARN: other }] }),
      invalid,
      `Stream ${other} is not in the account and region of the channel.`,
    ],
    [
      channel({ StreamConfigurationList: from('nowhere') }),
      'ResourceNotFoundException',
      'Stream nowhere under account 123456789012 not found.',
    ],
    [
      channel({ StreamConfigurationList: from('provisioned') }),
      'ValidationException',
      'CreateChannel is only supported for streams with the ON_DEMAND stream mode.',
    ],
  ])
  await createChannel()
  await refusals([
    [channel(), 'ResourceInUseException', 'Channel archive under account 123456789012 already exists.'],
    [
      channel({ ChannelName: 'second' }),
      'LimitExceededException',
      'Stream orders under account 123456789012 cannot have more than 1 channel to a general purpose bucket.',
    ],
  ])
  const managed = { StreamName: 'clicks', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }
  await call('StartStreamEncryption', managed)
  await refusals([
    [
      channel({ ChannelName: 'third', StreamConfigurationList: from('clicks') }),
      invalid,
      'Stream clicks under account 123456789012 is encrypted with the AWS managed key, with which channels do not work.',
    ],
  ])
})
