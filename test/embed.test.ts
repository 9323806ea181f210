import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { start } from '../src/index.ts'

const name = { DeliveryStreamName: 'StreamToS3' }
const destination = { BucketARN: 'arn:aws:s3:::bucket', RoleARN: 'arn:aws:iam::000000000000:role/firehose' }

test('a five-minute buffer is delivered without waiting for it', async () => {
  await using standpipe = await start({ port: 0, ephemeral: true, clock: 'manual' })
  const [s3, firehose] = [new S3Client(standpipe.clientConfig), new FirehoseClient(standpipe.clientConfig)]
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  await firehose.send(
    new CreateDeliveryStreamCommand({ ...name, ExtendedS3DestinationConfiguration: destination }),
  )
  await firehose.send(new PutRecordCommand({ ...name, Record: { Data: Buffer.from('{"a":1}\n') } }))
  await standpipe.clock.advance('5m')
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
  assert.deepEqual(
    Contents.map(({ Size }) => Size),
    [8],
  )
})

test('two servers in one process know nothing of each other', async () => {
  await using one = await start({ port: 0, ephemeral: true, clock: 'manual' })
  await using two = await start({ port: 0, ephemeral: true, clock: 'manual' })
  await new S3Client(one.clientConfig).send(new CreateBucketCommand({ Bucket: 'only-in-one' }))
  await one.clock.advance('1h')
  const { KeyCount } = await new S3Client(one.clientConfig).send(
    new ListObjectsV2Command({ Bucket: 'only-in-one' }),
  )
  assert.equal(KeyCount, 0)
  await assert.rejects(
    new S3Client(two.clientConfig).send(new ListObjectsV2Command({ Bucket: 'only-in-one' })),
    {
      name: 'NoSuchBucket',
    },
  )
  assert.ok(one.clock.now().getTime() - two.clock.now().getTime() >= 3_000_000)
})
