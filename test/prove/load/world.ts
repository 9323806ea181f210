import type { AwsClient } from './aws-client.ts'
import type { SourceName } from './questions.ts'

const ACCOUNT = '000000000000'
export const RoleARN = `arn:aws:iam::${ACCOUNT}:role/firehose`
export const bucketArn = (name: string): string => `arn:aws:s3:::${name}`
const streamArn = (name: string) => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`

/** The streams records are put to; `direct` is a delivery stream. */
export const SOURCES: Readonly<Record<SourceName, string>> = {
  stream: 'stream',
  direct: 'direct',
  'on-demand': 'on-demand',
}
export const LAKE = 'lake'
/** Where `late` delivers: buckets that are made some time after they were named. */
export const LATE = 'late-bucket-'

/** What delivers a source's records, each of them once. */
export interface DeliveryOfSource {
  readonly name: string
  readonly source: SourceName
  /** Where its objects are: keys of the lake, or every late bucket. */
  readonly prefix: string
}
export const DELIVERIES: readonly DeliveryOfSource[] = [
  { name: 'plain', source: 'stream', prefix: 'plain/' },
  { name: 'partitioned', source: 'stream', prefix: 'partitioned/' },
  { name: 'late', source: 'stream', prefix: LATE },
  { name: 'direct', source: 'direct', prefix: 'direct/' },
  { name: 'channel', source: 'on-demand', prefix: 'kinesis-channel/' },
]

const parameter = (ParameterName: string, ParameterValue: string) => ({ ParameterName, ParameterValue })
const PARTITIONING = {
  Prefix: 'partitioned/!{partitionKeyFromQuery:customer}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction',
        Parameters: [
          parameter('MetadataExtractionQuery', '{customer: .customer}'),
          parameter('JsonParsingEngine', 'JQ-1.6'),
        ],
      },
    ],
  },
}
const DESTINATIONS: Readonly<Record<string, object>> = {
  plain: { Prefix: 'plain/' },
  partitioned: PARTITIONING,
  late: { CompressionFormat: 'GZIP', BucketARN: bucketArn(`${LATE}0`) },
  direct: { Prefix: 'direct/' },
}

/** Everything that the load needs, on a new data folder. */
export async function makeWorld(client: AwsClient): Promise<void> {
  for (const bucket of [LAKE, `${LATE}0`]) await client.ok(`/${bucket}`, { method: 'PUT' })
  await client.call('kinesis', 'CreateStream', { StreamName: SOURCES.stream, ShardCount: 2 })
  await client.call('kinesis', 'CreateStream', {
    StreamName: SOURCES['on-demand'],
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  })
  await advance(client, '2s')
  for (const { name, source } of DELIVERIES.slice(0, -1))
    await client.call('firehose', 'CreateDeliveryStream', {
      DeliveryStreamName: name,
      ...(source === 'stream' && {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn(SOURCES.stream), RoleARN },
      }),
      ExtendedS3DestinationConfiguration: {
        RoleARN,
        BucketARN: bucketArn(LAKE),
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
        ...DESTINATIONS[name],
      },
    })
  await client.call('kinesis', 'CreateChannel', {
    ChannelName: 'channel',
    ServiceExecutionRoleARN: RoleARN,
    StreamConfigurationList: [
      { StreamARN: streamArn(SOURCES['on-demand']), RecordConfiguration: { RecordFormatType: 'JSON' } },
    ],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        BucketARN: bucketArn(LAKE),
        ExpectedBucketOwner: ACCOUNT,
        CompressionType: 'GZIP',
      },
    },
  })
  await advance(client, '2s')
}

export const advance = (client: AwsClient, by: string): Promise<string> =>
  client.ok('/_standpipe/api/clock/advance', { method: 'POST', body: JSON.stringify({ by }) })
export const deliver = (client: AwsClient, name: string): Promise<string> =>
  client.ok(`/_standpipe/api/delivery-streams/${name}/deliver`, { method: 'POST' })
