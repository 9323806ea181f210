import type { TestContext } from 'node:test'
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  type Event,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { StartOptions } from '../../../src/start.ts'
import { clientOf, startServer } from '../../server.ts'

export const Bucket = 'lake'
export const StreamName = 'landed'

// biome-ignore lint/suspicious/noExplicitAny: the tests read messages as a client does that knows no types
type Body = any

/** A server whose bucket `lake` tells the stream `landed` of these events. */
export async function tellingServer(t: TestContext, Events: Event[], options: StartOptions = {}) {
  const server = await startServer(t, { clock: 'manual', ...options })
  const s3 = clientOf(t, new S3Client(server.clientConfig))
  const kinesis = clientOf(t, new KinesisClient(server.clientConfig))
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  await s3.send(new CreateBucketCommand({ Bucket }))
  const configure = (QueueConfigurations: { QueueArn: string; Events: Event[] }[], more: object = {}) =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        ...{ Bucket, NotificationConfiguration: { QueueConfigurations } },
        ...more,
      }),
    )
  const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
  if (Events.length > 0) await configure([{ QueueArn: arn, Events }])
  return {
    ...{ server, s3, kinesis, arn, configure },
    /** All that the stream was told, with the partition keys. */
    async landed(): Promise<readonly { partitionKey: string; body: Body }[]> {
      await server.clock.advance(1_000)
      return await recordsOf(kinesis)
    },
  }
}

/** All records of the stream. */
export async function recordsOf(kinesis: KinesisClient) {
  const of = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' as const }
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(of))
  const found: { partitionKey: string; body: Body }[] = []
  for (;;) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }))
    for (const { Data, PartitionKey } of page.Records ?? [])
      found.push({ partitionKey: PartitionKey!, body: JSON.parse(Buffer.from(Data!).toString()) })
    if (page.MillisBehindLatest === 0 || !page.NextShardIterator) return found
    ShardIterator = page.NextShardIterator
  }
}
