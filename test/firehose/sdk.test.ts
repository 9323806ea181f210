import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose'
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'

const name = { DeliveryStreamName: 'over-http' }
const destination = { RoleARN: 'arn:aws:iam::000000000000:role/firehose', BucketARN: 'arn:aws:s3:::bucket' }

test('the SDK creates, describes and fills a delivery stream whose gzip object S3 gives back', async (context) => {
  const server = await startServer(context)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const settings = { ...destination, CompressionFormat: 'GZIP', Prefix: 'raw/' } as const
  await firehose.send(
    new CreateDeliveryStreamCommand({ ...name, ExtendedS3DestinationConfiguration: settings }),
  )
  await server.clock.advance('1s')
  const { DeliveryStreamDescription } = await firehose.send(new DescribeDeliveryStreamCommand(name))
  assert.equal(DeliveryStreamDescription?.DeliveryStreamStatus, 'ACTIVE')
  assert.ok(DeliveryStreamDescription?.CreateTimestamp instanceof Date)
  const Records = ['{"a":1}\n', '{"a":2}\n'].map((text) => ({ Data: Buffer.from(text) }))
  const batch = await firehose.send(new PutRecordBatchCommand({ ...name, Records }))
  assert.equal(batch.FailedPutCount, 0)
  await server.clock.advance('5m')
  const [object] = (await s3.send(new ListObjectsV2Command({ Bucket: 'bucket' }))).Contents ?? []
  assert.match(object?.Key ?? '', /^raw\/\d{4}\/\d\d\/\d\d\/\d\d\/over-http-1-.*\.gz$/)
  const found = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: object?.Key }))
  assert.equal(found.ContentType, 'application/octet-stream')
  assert.equal(found.ContentEncoding, 'gzip')
  const body = new Blob([Buffer.from((await found.Body?.transformToByteArray()) ?? [])])
  const text = await new Response(body.stream().pipeThrough(new DecompressionStream('gzip'))).text()
  assert.equal(text, '{"a":1}\n{"a":2}\n')
})

test('over the wire, too, what is missing or not supported has a name', async (context) => {
  const server = await startServer(context)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  await assert.rejects(firehose.send(new DescribeDeliveryStreamCommand(name)), {
    name: 'ResourceNotFoundException',
    message: 'Firehose over-http under account 000000000000 not found.',
  })
  const redshift = {
    RoleARN: destination.RoleARN,
    ClusterJDBCURL: 'jdbc:redshift://c.redshift.amazonaws.com:5439/db',
    CopyCommand: { DataTableName: 'table' },
    S3Configuration: destination,
  }
  await assert.rejects(
    firehose.send(new CreateDeliveryStreamCommand({ ...name, RedshiftDestinationConfiguration: redshift })),
    { name: 'InvalidArgumentException', message: /RedshiftDestinationConfiguration/ },
  )
  const change = {
    ...name,
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
    ExtendedS3DestinationUpdate: {},
  }
  await assert.rejects(firehose.send(new UpdateDestinationCommand(change)), {
    name: 'ResourceNotFoundException',
    message: /over-http/,
  })
})

test('a delivery into a bucket that is missing says so, and succeeds once the bucket is there', async (context) => {
  const server = await startServer(context)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await firehose.send(new CreateDeliveryStreamCommand({ ...name, S3DestinationConfiguration: destination }))
  await server.clock.advance('1s')
  await firehose.send(new PutRecordBatchCommand({ ...name, Records: [{ Data: Buffer.from('a') }] }))
  await assert.rejects(server.deliver('over-http'), { code: 'DeliveryFailed', message: /bucket/ })
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await server.clock.advance('1s')
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
  assert.equal(Contents.length, 1)
})

test("a literal ErrorOutputPrefix beside partitions is taken, as Terraform's tests give it; errors lie below it by type and time", async (context) => {
  const server = await startServer(context)
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await firehose.send(
    new CreateDeliveryStreamCommand({
      ...name,
      ExtendedS3DestinationConfiguration: {
        ...destination,
        Prefix: 'custom-prefix/customerId=!{partitionKeyFromQuery:customer_id}/',
        ErrorOutputPrefix: 'prefix1',
        BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
        DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 300 } },
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{customer_id:.customer_id}' },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
      },
    }),
  )
  await server.clock.advance('1s')
  const Records = ['{"customer_id":"a"}', 'no JSON'].map((text) => ({ Data: Buffer.from(text) }))
  await firehose.send(new PutRecordBatchCommand({ ...name, Records }))
  await server.clock.advance('10m')
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
  assert.deepEqual(
    Contents.map(({ Key }) => Key?.replace(/\d{4}(\/\d\d){3}/, 'TIME').replace(/over-http-1-.*/, '')),
    ['custom-prefix/customerId=a/', 'prefix1processing-failed/TIME/'],
  )
})
