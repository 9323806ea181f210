import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient } from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { fetchSigned } from '../../client-access.ts'
import { makeDeliveryRole } from '../../delivery-role.ts'
import { clientOf, startServer } from '../../server.ts'

const StreamName = 'orders'
const put = (text: string, ExplicitHashKey = '0') =>
  new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: Buffer.from(text), ExplicitHashKey })

test("metrics are shown by CloudWatch's names, of the shards that are monitored too", async (context) => {
  const { clientConfig, endpoint } = await startServer(context)
  const client = clientOf(context, new KinesisClient(clientConfig))
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  await client.send(
    new EnableEnhancedMonitoringCommand({
      StreamName,
      ShardLevelMetrics: ['IncomingBytes', 'IteratorAgeMilliseconds'],
    }),
  )
  await client.send(put('12345'))
  const place = { ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const
  const { ShardIterator } = await client.send(new GetShardIteratorCommand({ StreamName, ...place }))
  await client.send(new GetRecordsCommand({ ShardIterator }))
  const text = await (await fetchSigned(`${endpoint}/_standpipe/metrics`)).text()
  for (const line of [
    'aws_kinesis_incoming_bytes_sum{stream_name="orders"} 5',
    'aws_kinesis_incoming_bytes_sum{stream_name="orders",shard_id="shardId-000000000000"} 5',
    'aws_kinesis_iterator_age_milliseconds_count{stream_name="orders",shard_id="shardId-000000000000"} 1',
    'aws_kinesis_incoming_records_sum{stream_name="orders"} 1',
    'aws_kinesis_put_record_success_sum{stream_name="orders"} 1',
    'aws_kinesis_put_record_latency_count{stream_name="orders"} 1',
    'aws_kinesis_get_records_iterator_age_milliseconds_count{stream_name="orders"} 1',
  ])
    assert.ok(text.includes(`${line}\n`), `${line}\n\n${text}`)
  assert.ok(!text.includes('shardId-000000000001'))
})

test('a delivery stream delivers an encrypted stream as it was put, through a split', async (context) => {
  const { clientConfig, clock, endpoint } = await startServer(context)
  await makeDeliveryRole(endpoint)
  const client = clientOf(context, new KinesisClient(clientConfig))
  const s3 = clientOf(context, new S3Client(clientConfig))
  const firehose = clientOf(context, new FirehoseClient(clientConfig))
  await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  const KeyId = 'alias/aws/kinesis'
  await client.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: 'KMS', KeyId }))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'delivery',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`,
        RoleARN,
      },
      ExtendedS3DestinationConfiguration: { BucketARN: 'arn:aws:s3:::bucket', RoleARN },
    }),
  )
  await clock.advance('1s')
  await client.send(put('1;'))
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) }
  await client.send(new SplitShardCommand({ StreamName, ...split }))
  await client.send(put('2;'))
  await client.send(put('3;', String(2n ** 128n - 1n)))
  await clock.advance('10m')
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
  const texts = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }))).Body!.transformToString(),
    ),
  )
  const delivered = texts.join('').split(';').filter(Boolean)
  assert.deepEqual(delivered.toSorted(), ['1', '2', '3'])
  assert.equal(delivered[0], '1')
})
