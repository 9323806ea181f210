import { boundKinesis } from './bound-kinesis.ts'

export const arnOf = (StreamName: string) => `arn:aws:kinesis:eu-west-1:123456789012:stream/${StreamName}`
export const ExpectedBucketOwner = '123456789012'
export const GSRSchemaARN = 'arn:aws:glue:eu-west-1:123456789012:schema/registry/orders'
export const StorageConfiguration = {
  BucketARN: 'arn:aws:s3:::archive',
  ExpectedBucketOwner,
  CompressionType: 'GZIP',
}
export const table = {
  TableBucketARN: 'arn:aws:s3tables:eu-west-1:123456789012:bucket/tables',
  Namespace: 'sales',
  TableName: 'orders',
  CompressionType: 'ZSTD',
}
export const tables = {
  DeadLetterQueueS3Configuration: { BucketARN: 'arn:aws:s3:::letters', ExpectedBucketOwner },
  S3TablesConfigurationList: [table],
}

export const source = (RecordConfiguration: object, StreamName = 'orders') => [
  { StreamARN: arnOf(StreamName), RecordConfiguration },
]
export const channel = (more: object = {}) => ({
  ChannelName: 'archive',
  ServiceExecutionRoleARN: 'arn:aws:iam::123456789012:role/delivery',
  StreamConfigurationList: source({ RecordFormatType: 'JSON' }),
  S3DestinationConfiguration: { StorageConfiguration },
  ...more,
})
export const toTables = (more: object = {}) =>
  channel({
    S3DestinationConfiguration: undefined,
    S3TablesDestinationConfiguration: tables,
    StreamConfigurationList: source({ RecordFormatType: 'GSR_JSON', GSRSchemaARN }),
    ...more,
  })

export async function withStreams(options: Parameters<typeof boundKinesis>[0] = {}) {
  const bound = boundKinesis(options)
  const create = (StreamName: string, more: object) => bound.call('CreateStream', { StreamName, ...more })
  for (const name of ['orders', 'clicks'])
    await create(name, { StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  await create('provisioned', { ShardCount: 1 })
  await bound.clock.advance(options.stateDelayMs ?? 0)
  const createChannel = async (more: object = {}) =>
    (await bound.call('CreateChannel', channel(more))).ChannelDescription
  return { ...bound, createChannel }
}
export const from = (StreamName: string) => source({ RecordFormatType: 'JSON' }, StreamName)
export const stored = (more: object) => ({
  S3DestinationConfiguration: { StorageConfiguration: { ...StorageConfiguration, ...more } },
})
