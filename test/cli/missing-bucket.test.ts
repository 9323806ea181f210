import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { clientOf, startServer } from '../server.ts'
import { callMain } from './call-main.ts'

const Bucket = 'landing-zone'
const DeliveryStreamName = 'clicks'
const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

test('a bucket that is missing is said at once, by name and with the remedy, by status and doctor', async (t) => {
  const { clientConfig, clock, endpoint } = await startServer(t, { clock: 'manual' })
  const [s3, firehose] = [
    clientOf(t, new S3Client(clientConfig)),
    clientOf(t, new FirehoseClient(clientConfig)),
  ]
  const destination = { RoleARN, BucketARN: `arn:aws:s3:::${Bucket}` }
  await s3.send(new CreateBucketCommand({ Bucket }))
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: destination,
    }),
  )
  await s3.send(new DeleteBucketCommand({ Bucket }))
  await firehose.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data: Buffer.from('x\n') } }))
  await clock.advance('5m')
  const said = async (command: string) =>
    (await callMain([command, '--port', new URL(endpoint).port])).out.join('\n')
  const word =
    /clicks +.*failures?: The specified bucket does not exist: make landing-zone, and what waits is delivered/
  for (const command of ['status', 'doctor']) assert.match(await said(command), word)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await clock.advance('5m')
  for (const command of ['status', 'doctor']) assert.doesNotMatch(await said(command), /does not exist/)
})
