import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis } from './bound-kinesis.ts'

const arnOf = (StreamName: string) => `arn:aws:kinesis:eu-west-1:123456789012:stream/${StreamName}`
const ChannelARN = 'arn:aws:kinesis:eu-west-1:123456789012:channel/archive'
const ExpectedBucketOwner = '123456789012'
const GSRSchemaARN = 'arn:aws:glue:eu-west-1:123456789012:schema/registry/orders'
const StorageConfiguration = {
  BucketARN: 'arn:aws:s3:::archive',
  ExpectedBucketOwner,
  CompressionType: 'GZIP',
}
const table = {
  TableBucketARN: 'arn:aws:s3tables:eu-west-1:123456789012:bucket/tables',
  Namespace: 'sales',
  TableName: 'orders',
  CompressionType: 'ZSTD',
}
const tables = {
  DeadLetterQueueS3Configuration: { BucketARN: 'arn:aws:s3:::letters', ExpectedBucketOwner },
  S3TablesConfigurationList: [table],
}

const source = (RecordConfiguration: object, StreamName = 'orders') => [
  { StreamARN: arnOf(StreamName), RecordConfiguration },
]
const channel = (more: object = {}) => ({
  ChannelName: 'archive',
  ServiceExecutionRoleARN: 'arn:aws:iam::123456789012:role/delivery',
  StreamConfigurationList: source({ RecordFormatType: 'JSON' }),
  S3DestinationConfiguration: { StorageConfiguration },
  ...more,
})
const toTables = (more: object = {}) =>
  channel({
    S3DestinationConfiguration: undefined,
    S3TablesDestinationConfiguration: tables,
    StreamConfigurationList: source({ RecordFormatType: 'GSR_JSON', GSRSchemaARN }),
    ...more,
  })

async function withStreams() {
  const bound = boundKinesis()
  await bound.call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await bound.call('CreateStream', { StreamName: 'provisioned', ShardCount: 1 })
  return bound
}

test('CreateChannel refuses by name what AWS would create, and nothing is left of it', async () => {
  const { call, refused, metadata } = await withStreams()
  const before = await metadata.list({ prefix: '' })
  for (const input of [
    channel(),
    channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 900 } }),
    channel({ StreamConfigurationList: source({ RecordFormatType: 'BYTE_ARRAY' }), Tags: {} }),
    channel({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/own' } }),
    toTables(),
  ]) {
    const { code, message } = await refused('CreateChannel', input)
    assert.equal(code, 'UnsupportedOperationException')
    assert.match(message, /does not deliver from channels yet/)
  }
  assert.deepEqual(await metadata.list({ prefix: '' }), before)
  assert.deepEqual(await call('ListChannels', {}), { ChannelSummaries: [] })
  const { StreamDescriptionSummary } = await call('DescribeStreamSummary', { StreamName: 'orders' })
  assert.equal(StreamDescriptionSummary.ChannelCount, 0)
})

test('CreateChannel refuses what AWS refuses before that', async () => {
  const { refused } = await withStreams()
  const S3DestinationConfiguration = { StorageConfiguration }
  const codeOf = async (input: object) => (await refused('CreateChannel', input)).code
  for (const input of [
    channel({ S3DestinationConfiguration: undefined }),
    toTables({ S3DestinationConfiguration }),
    channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 299 } }),
    channel({ S3DestinationConfiguration: { StorageConfiguration, DataFreshnessInSeconds: 901 } }),
    channel({
      StreamConfigurationList: [
        ...source({ RecordFormatType: 'JSON' }),
        ...source({ RecordFormatType: 'JSON' }, 'provisioned'),
      ],
    }),
    channel({ StreamConfigurationList: source({ RecordFormatType: 'GSR_JSON' }) }),
    toTables({ StreamConfigurationList: source({ RecordFormatType: 'STRING', GSRSchemaARN }) }),
    toTables({ StreamConfigurationList: source({ RecordFormatType: 'JSON' }) }),
    toTables({
      S3TablesDestinationConfiguration: { ...tables, S3TablesConfigurationList: [table, table] },
    }),
    channel({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }),
    channel({ Tags: { '<': 'x' } }),
  ])
    assert.equal(await codeOf(input), 'InvalidArgumentException', JSON.stringify(input))
  const from = (name: string) =>
    channel({ StreamConfigurationList: source({ RecordFormatType: 'JSON' }, name) })
  assert.equal(await codeOf(from('nowhere')), 'ResourceNotFoundException')
  assert.equal(await codeOf(from('provisioned')), 'ValidationException')
  for (const wrong of [
    { ChannelName: 'a b' },
    { ServiceExecutionRoleARN: 'role' },
    { StreamConfigurationList: [] },
  ])
    assert.match((await refused('CreateChannel', channel(wrong))).message, /^1 validation error detected/)
})

test('a stream that is not ACTIVE is no source of a channel', async () => {
  const { call, refused } = boundKinesis({ stateDelayMs: 500 })
  await call('CreateStream', { StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  assert.equal((await refused('CreateChannel', channel())).code, 'ResourceInUseException')
})

test('the other operations find no channel', async () => {
  const { refused } = await withStreams()
  for (const operation of ['DescribeChannel', 'UpdateChannel', 'DeleteChannel']) {
    assert.equal((await refused(operation, { ChannelARN })).code, 'ResourceNotFoundException')
    assert.equal((await refused(operation, { ChannelARN: arnOf('orders') })).code, 'ValidationException')
  }
  const S3DestinationConfiguration = { DataFreshnessInSeconds: 60 }
  const update = await refused('UpdateChannel', { ChannelARN, S3DestinationConfiguration })
  assert.equal(update.code, 'InvalidArgumentException')
  assert.equal((await refused('ListChannels', { NextToken: 'x' })).code, 'InvalidArgumentException')
})
