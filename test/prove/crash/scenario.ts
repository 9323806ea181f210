import type { Life } from './server-life.ts'

const ACCOUNT = '000000000000'
const RoleARN = `arn:aws:iam::${ACCOUNT}:role/firehose`
export const BUCKET = 'bucket'
export const NAME = 'delivery'
const STREAM = 'stream'
const StreamARN = `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${STREAM}`

export type SourceName = 'Direct PUT' | 'Kinesis' | 'channel'
export type Variant = 'plain' | 'gzip' | 'partitioned' | 'split'

/** What is delivered from where and how; each has a data folder of its own. */
export interface Scenario {
  readonly source: SourceName
  readonly variant: Variant
}

/**
 * A Direct PUT delivery stream has no shards to split: its settings are changed instead. A channel checks the records
 * of its compressed objects.
 */
export const SCENARIOS: readonly Scenario[] = [
  ...(['Direct PUT', 'Kinesis'] as const).flatMap((source) =>
    (['plain', 'gzip', 'partitioned', 'split'] as const).map((variant) => ({ source, variant })),
  ),
  { source: 'channel', variant: 'plain' },
  { source: 'channel', variant: 'gzip' },
]
export const titleOf = ({ source, variant }: Scenario) =>
  `${source}, ${source === 'Direct PUT' && variant === 'split' ? 'updated' : variant}`

const parameter = (ParameterName: string, ParameterValue: string) => ({ ParameterName, ParameterValue })
const query = parameter('MetadataExtractionQuery', '{customer: .customer}')
const PARTITIONED = {
  Prefix: 'by/!{partitionKeyFromQuery:customer}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      { Type: 'MetadataExtraction', Parameters: [query, parameter('JsonParsingEngine', 'JQ-1.6')] },
    ],
  },
}
const SETTINGS: Readonly<Record<Variant, object>> = {
  plain: {},
  gzip: { CompressionFormat: 'GZIP' },
  partitioned: PARTITIONED,
  split: {},
}

/** Everything that the scenario needs, in a new data folder. */
export async function prepare({ source, variant }: Scenario, life: Life): Promise<void> {
  await life.fetch(`/${BUCKET}`, { method: 'PUT' })
  if (source !== 'Direct PUT') {
    const mode = source === 'channel' ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' } } : { ShardCount: 2 }
    await life.call('kinesis', 'CreateStream', { StreamName: STREAM, ...mode })
    await advance(life, '2s')
  }
  if (source === 'channel') await createChannel(variant, life)
  else await createDeliveryStream({ source, variant }, life)
  await advance(life, '2s')
}

async function createChannel(variant: Variant, life: Life): Promise<void> {
  const bucket = { BucketARN: `arn:aws:s3:::${BUCKET}`, ExpectedBucketOwner: ACCOUNT }
  const isPlain = variant === 'plain'
  await life.call('kinesis', 'CreateChannel', {
    ChannelName: NAME,
    ServiceExecutionRoleARN: RoleARN,
    StreamConfigurationList: [
      { StreamARN, RecordConfiguration: { RecordFormatType: isPlain ? 'BYTE_ARRAY' : 'JSON' } },
    ],
    S3DestinationConfiguration: {
      StorageConfiguration: { ...bucket, CompressionType: isPlain ? 'NONE' : 'GZIP' },
    },
  })
}

async function createDeliveryStream({ source, variant }: Scenario, life: Life): Promise<void> {
  await life.call('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: NAME,
    ...(source === 'Kinesis' && {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: StreamARN,
        RoleARN,
      },
    }),
    ExtendedS3DestinationConfiguration: {
      RoleARN,
      BucketARN: `arn:aws:s3:::${BUCKET}`,
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      ...SETTINGS[variant],
    },
  })
}

export const advance = (life: Life, by: string) =>
  life.fetch('/_standpipe/api/clock/advance', { method: 'POST', body: JSON.stringify({ by }) })
export const deliver = (life: Life) =>
  life.fetch(`/_standpipe/api/delivery-streams/${NAME}/deliver`, { method: 'POST' })

const BATCH = 20

/** Puts a batch of numbered records; resolves with those that were acknowledged and what they were answered. */
export async function put({ source }: Scenario, life: Life, from: number): Promise<Map<number, string>> {
  const numbers = Array.from({ length: BATCH }, (_, index) => from + index)
  const dataOf = (id: number) =>
    Buffer.from(`${JSON.stringify({ id, customer: `c${id % 7}`, pad: 'x'.repeat((id * 7919) % 4000) })}\n`)
  const records = numbers.map((id) => ({ Data: dataOf(id).toString('base64'), PartitionKey: String(id) }))
  if (source !== 'Direct PUT') {
    const { Records } = await life.call<{ Records: { SequenceNumber?: string }[] }>('kinesis', 'PutRecords', {
      StreamName: STREAM,
      Records: records,
    })
    return answered(numbers, (index) => Records[index]?.SequenceNumber)
  }
  const { RequestResponses } = await life.call<{ RequestResponses: { RecordId?: string }[] }>(
    'firehose',
    'PutRecordBatch',
    { DeliveryStreamName: NAME, Records: records.map(({ Data }) => ({ Data })) },
  )
  return answered(numbers, (index) => RequestResponses[index]?.RecordId)
}

const answered = (numbers: readonly number[], answerOf: (index: number) => string | undefined) =>
  new Map(
    numbers.flatMap((id, index) => {
      const answer = answerOf(index)
      return answer === undefined ? [] : [[id, answer] as const]
    }),
  )

export const placeQuery = ({ source }: Scenario, answer: string): URLSearchParams =>
  new URLSearchParams(
    source === 'Direct PUT' ? { recordId: answer } : { stream: STREAM, sequenceNumber: answer },
  )

/** Splits a shard, or merges two that fit; for Direct PUT the settings change. */
export async function disturb({ source }: Scenario, life: Life, round: number): Promise<void> {
  if (source === 'Kinesis')
    await life.call('kinesis', 'UpdateShardCount', {
      StreamName: STREAM,
      TargetShardCount: round % 2 === 0 ? 4 : 2,
      ScalingType: 'UNIFORM_SCALING',
    })
  else {
    const { DeliveryStreamDescription: found } = await life.call<{
      DeliveryStreamDescription: { VersionId: string; Destinations: [{ DestinationId: string }] }
    }>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: NAME })
    await life.call('firehose', 'UpdateDestination', {
      DeliveryStreamName: NAME,
      CurrentDeliveryStreamVersionId: found.VersionId,
      DestinationId: found.Destinations[0].DestinationId,
      ExtendedS3DestinationUpdate: { CompressionFormat: round % 2 === 0 ? 'GZIP' : 'UNCOMPRESSED' },
    })
  }
}
