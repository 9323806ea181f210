import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  CreateDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  PutRecordCommand,
  StartDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { makeDeliveryRole } from '../delivery-role.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'

const parameter = (
  ParameterName: 'MetadataExtractionQuery' | 'JsonParsingEngine',
  ParameterValue: string,
) => ({
  ParameterName,
  ParameterValue,
})
const partitioned = {
  Prefix: '!{partitionKeyFromQuery:a}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
  BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: {
    Enabled: true,
    Processors: [
      {
        Type: 'MetadataExtraction' as const,
        Parameters: [
          parameter('MetadataExtractionQuery', '{a: .a}'),
          parameter('JsonParsingEngine', 'JQ-1.6'),
        ],
      },
    ],
  },
}

/** Every byte of the log's files. */
const logOf = (folder: string): string =>
  readdirSync(join(folder, 'log'))
    .map((name) => readFileSync(join(folder, 'log', name), 'latin1'))
    .join('')

test('an encrypted delivery stream keeps its records encrypted, also between its stages, and delivers them plain', async (context) => {
  const data = temporaryFolder(context)
  const server = await startServer(context, { ephemeral: false, data })
  await makeDeliveryRole(server.endpoint)
  const firehose = clientOf(context, new FirehoseClient(server.clientConfig))
  const s3 = clientOf(context, new S3Client(server.clientConfig))
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const place = { RoleARN: 'arn:aws:iam::000000000000:role/firehose', BucketARN: 'arn:aws:s3:::bucket' }
  for (const [DeliveryStreamName, settings] of [
    ['plain', {}],
    ['staged', partitioned],
  ] as const) {
    const name = { DeliveryStreamName }
    const ExtendedS3DestinationConfiguration = { ...place, ...settings }
    await firehose.send(new CreateDeliveryStreamCommand({ ...name, ExtendedS3DestinationConfiguration }))
    const put = async (text: string) => {
      const Record = { Data: Buffer.from(JSON.stringify({ a: 'key', text })) }
      return (await firehose.send(new PutRecordCommand({ ...name, Record }))).Encrypted
    }
    assert.equal(await put(`${DeliveryStreamName} for everybody`), false)
    await firehose.send(new StartDeliveryStreamEncryptionCommand(name))
    assert.equal(await put(`${DeliveryStreamName} in confidence`), true)
    const Records = [{ Data: Buffer.from(JSON.stringify({ a: 'key', text: 'in confidence, too' })) }]
    const batch = await firehose.send(new PutRecordBatchCommand({ ...name, Records }))
    assert.equal(batch.Encrypted, true)
    await server.clock.advance('1s')
    assert.ok(logOf(data).includes(`${DeliveryStreamName} for everybody`))
    assert.ok(!logOf(data).includes('in confidence'))
    const [{ key } = assert.fail()] = (await server.deliver(DeliveryStreamName)).objects
    const object = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key: key }))
    const body = await object.Body!.transformToString()
    for (const text of ['for everybody', 'in confidence"', 'in confidence, too'])
      assert.ok(body.includes(text), text)
  }
})
