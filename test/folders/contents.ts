import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import {
  AddTagsToStreamCommand,
  CreateChannelCommand,
  CreateStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

const ACCOUNT = '000000000000'
const RoleARN = `arn:aws:iam::${ACCOUNT}:role/delivery`
export const Bucket = 'lake'
export const BLOB = Buffer.alloc(300_000, 'blob ')
export const PART = Buffer.alloc(5 * 2 ** 20, 'part')
export const UPLOADED = 'uploaded'

/** What a data folder holds, as far as it was answered when it was made. */
export interface Contents {
  readonly records: Readonly<Record<string, readonly PutRecord[]>>
  readonly uploadId: string
  readonly partETag: string
  /** ms since 1970. */
  readonly time: number
}
/** In the order of `textsOf`, one life after the other. */
type PutRecord = readonly [shardId: string, sequenceNumber: string]

export interface Clients {
  readonly kinesis: KinesisClient
  readonly firehose: FirehoseClient
  readonly s3: S3Client
  readonly advance: (by: string) => Promise<number>
}

export function clientsOf(endpoint: string): Clients {
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  return {
    kinesis: new KinesisClient(config),
    firehose: new FirehoseClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    async advance(by) {
      const body = JSON.stringify({ by })
      const answer = await fetch(`${endpoint}/_standpipe/api/clock/advance`, { method: 'POST', body })
      return Date.parse(((await answer.json()) as { now: string }).now)
    },
  }
}

/** The texts of a round: orders are JSON lines, long enough for some segments. */
export const textsOf = (life: number, source: string): string[] =>
  Array.from(
    { length: 120 },
    (_, number) =>
      `${JSON.stringify({ source, life, number, customer: `c${number % 3}`, filler: 'x'.repeat(700) })}\n`,
  )

export const STREAMS = ['orders', 'secret'] as const
export const DELIVERY_STREAMS = ['direct', 'by-customer'] as const

const stream = (name: string) => `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`
const to = (prefix: string) => ({ BucketARN: `arn:aws:s3:::${Bucket}`, RoleARN, Prefix: `${prefix}/` })
const parameter = (ParameterName: string, ParameterValue: string) => ({
  ParameterName: ParameterName as 'JsonParsingEngine',
  ParameterValue,
})

/** Everything that has a name, in the first life. */
export async function create({ kinesis, firehose, s3, advance }: Clients): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket }))
  for (const StreamName of STREAMS) await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  await advance('2s')
  await kinesis.send(new AddTagsToStreamCommand({ StreamName: 'orders', Tags: { team: 'water' } }))
  await kinesis.send(
    new StartStreamEncryptionCommand({
      StreamName: 'secret',
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
    }),
  )
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'direct',
      ExtendedS3DestinationConfiguration: to('direct'),
    }),
  )
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'from-orders',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN: stream('orders'), RoleARN },
      ExtendedS3DestinationConfiguration: to('from-orders'),
    }),
  )
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'by-customer',
      ExtendedS3DestinationConfiguration: {
        ...to('by'),
        Prefix: 'by/!{partitionKeyFromQuery:customer}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 300 },
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
      },
    }),
  )
  const storage = { BucketARN: `arn:aws:s3:::${Bucket}`, ExpectedBucketOwner: ACCOUNT }
  await kinesis.send(
    new CreateStreamCommand({ StreamName: 'archived', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  )
  await advance('2s')
  await kinesis.send(
    new CreateChannelCommand({
      ChannelName: 'archive',
      ServiceExecutionRoleARN: RoleARN,
      StreamConfigurationList: [
        { StreamARN: stream('archived'), RecordConfiguration: { RecordFormatType: 'BYTE_ARRAY' } },
      ],
      S3DestinationConfiguration: { StorageConfiguration: { ...storage, CompressionType: 'NONE' } },
    }),
  )
  await advance('30s')
  await s3.send(new PutObjectCommand({ Bucket, Key: 'inline', Body: 'a small object' }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'blob', Body: BLOB, Metadata: { kept: 'yes' } }))
  const TagSet = [{ Key: 'kind', Value: 'blob' }]
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'blob', Tagging: { TagSet } }))
}

/** The records of one life. */
export async function put(
  { kinesis, firehose }: Clients,
  life: number,
): Promise<Record<string, PutRecord[]>> {
  const records: Record<string, PutRecord[]> = {}
  for (const StreamName of [...STREAMS, 'archived']) {
    const texts = textsOf(life, StreamName)
    const Records = texts.map((text, index) => ({ PartitionKey: String(index), Data: Buffer.from(text) }))
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName, Records }))
    records[StreamName] = answer.Records!.map(({ ShardId, SequenceNumber }) => [ShardId!, SequenceNumber!])
  }
  for (const DeliveryStreamName of DELIVERY_STREAMS) {
    const Records = textsOf(life, DeliveryStreamName).map((text) => ({ Data: Buffer.from(text) }))
    await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }))
  }
  return records
}

/** What goes on when the second life is killed. */
export async function beginUpload({ s3, kinesis, advance }: Clients): Promise<Omit<Contents, 'records'>> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: UPLOADED }))
  const { ETag } = await s3.send(
    new UploadPartCommand({ Bucket, Key: UPLOADED, UploadId, PartNumber: 1, Body: PART }),
  )
  await kinesis.send(
    new SplitShardCommand({
      StreamName: 'orders',
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: String(2n ** 126n),
    }),
  )
  return { uploadId: UploadId!, partETag: ETag!, time: await advance('3s') }
}
