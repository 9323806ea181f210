/** The lab's steps through the JavaScript SDK; each function is one step as a user would do it. */
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  type DestinationDescription,
  FirehoseClient,
  PutRecordCommand as PutToFirehose,
} from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { CLIENT_KEY } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { until } from '../until.ts'

export const STREAM = 'ml-streaming-input'
export const DELIVERY_STREAM = 'ml-firehose-delivery-stream'
export const DIRECT_PUT = 'StreamToS3'
export const BUCKET = 'ml-ingestion-bucket'
const ROLE = 'arn:aws:iam::000000000000:role/firehose'
const STREAM_ARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${STREAM}`

export interface DeliveredObject {
  readonly key: string
  readonly body: string
}

/** The clients of one run of a server; the server may be another process after each step. */
export function labAgainst(endpoint: string, clientConfig: object = {}) {
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: CLIENT_KEY,
    forcePathStyle: true,
    ...clientConfig,
  }
  const [kinesis, firehose, s3] = [
    new KinesisClient(config),
    new FirehoseClient(config),
    new S3Client(config),
  ]

  const isActive = (status: () => Promise<string | undefined>) =>
    until(async () => (await status()) === 'ACTIVE')
  return {
    async createStream() {
      await kinesis.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 1 }))
    },
    streamIsActive: () =>
      isActive(async () => {
        const { StreamDescriptionSummary } = await kinesis.send(
          new DescribeStreamSummaryCommand({ StreamName: STREAM }),
        )
        return StreamDescriptionSummary?.StreamStatus
      }),
    async produce(from: number, count: number) {
      for (let id = from; id < from + count; id++)
        await kinesis.send(
          new PutRecordCommand({
            StreamName: STREAM,
            Data: Buffer.from(eventOf(id)),
            PartitionKey: 'partitionKey',
          }),
        )
    },
    async produceBytes(records: number, recordBytes: number) {
      const Data = Buffer.alloc(recordBytes, 'x')
      const Records = Array.from({ length: records }, (_, index) => ({ Data, PartitionKey: String(index) }))
      return await kinesis.send(new PutRecordsCommand({ StreamName: STREAM, Records }))
    },
    async readBack(): Promise<string[]> {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({
          StreamName: STREAM,
          ShardId: 'shardId-000000000000',
          ShardIteratorType: 'TRIM_HORIZON',
        }),
      )
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }))
      return Records.map(({ Data }) => Buffer.from(Data ?? []).toString())
    },
    createRole: () => makeDeliveryRole(endpoint),
    async createBucket() {
      await s3.send(new CreateBucketCommand({ Bucket: BUCKET }))
    },
    async createDeliveryStream(
      DeliveryStreamName: string,
      DeliveryStreamType: 'KinesisStreamAsSource' | 'DirectPut',
    ) {
      const fromStream = { KinesisStreamSourceConfiguration: { KinesisStreamARN: STREAM_ARN, RoleARN: ROLE } }
      await firehose.send(
        new CreateDeliveryStreamCommand({
          DeliveryStreamName,
          DeliveryStreamType,
          ...(DeliveryStreamType === 'KinesisStreamAsSource' ? fromStream : {}),
          ExtendedS3DestinationConfiguration: { BucketARN: `arn:aws:s3:::${BUCKET}`, RoleARN: ROLE },
        }),
      )
    },
    deliveryStreamIsActive: (DeliveryStreamName: string) =>
      isActive(async () => {
        const answer = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))
        return answer.DeliveryStreamDescription?.DeliveryStreamStatus
      }),
    async describeDestination(DeliveryStreamName: string): Promise<DestinationDescription | undefined> {
      const answer = await firehose.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }))
      return answer.DeliveryStreamDescription?.Destinations?.[0]
    },
    async putDirect(from: number, count: number) {
      for (let id = from; id < from + count; id++)
        await firehose.send(
          new PutToFirehose({
            DeliveryStreamName: DIRECT_PUT,
            Record: { Data: Buffer.from(`${eventOf(id)}\n`) },
          }),
        )
    },
    async objects(): Promise<DeliveredObject[]> {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      return await Promise.all(
        Contents.map(async ({ Key = '' }) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
          return { key: Key, body: (await Body?.transformToString()) ?? '' }
        }),
      )
    },
    close() {
      for (const client of [kinesis, firehose, s3]) client.destroy()
    },
  }
}

export type Lab = ReturnType<typeof labAgainst>

export const eventOf = (id: number): string => JSON.stringify({ event_id: id, value: id * 7 })
/** What a run of events looks like in an object: concatenated as it is. */
export const eventsOf = (from: number, count: number, end = ''): string =>
  Array.from({ length: count }, (_, index) => eventOf(from + index) + end).join('')
