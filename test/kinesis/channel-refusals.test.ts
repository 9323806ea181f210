import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundKinesis } from './bound-kinesis.ts'
import {
  arnOf,
  channel,
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
