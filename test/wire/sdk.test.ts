import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { test } from 'node:test'
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchBucket,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleWithSAMLCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { certificate, serve } from './serve.ts'

/** Not every machine's resolver knows that whatever ends in .localhost is this machine. */
const httpAgent = () =>
  new Agent({ lookup: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) })

const credentials = { accessKeyId: '123456789012', secretAccessKey: 'any' }

test("the SDK's Kinesis client works as it comes: HTTP/2 without TLS, a session for each request", async (t) => {
  const { endpoint, inputs } = await serve(t)
  const client = new KinesisClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 })
  t.after(() => client.destroy())
  const { StreamNames } = await client.send(new ListStreamsCommand({ Limit: 2 }))
  assert.deepEqual(StreamNames, ['stream-0', 'stream-1'])
  const Data = Buffer.alloc(1_000_000, 7)
  const put = new PutRecordCommand({ StreamName: 's', PartitionKey: 'p', Data })
  assert.equal((await client.send(put)).ShardId, '123456789012/eu-west-1')
  assert.deepEqual(inputs[0]?.Data, Data)
  const missing = new PutRecordCommand({ StreamName: 'missing', PartitionKey: 'p', Data })
  await assert.rejects(client.send(missing), { name: 'ResourceNotFoundException', message: 'Not found.' })
})

test("the SDK's Kinesis client works over TLS", async (t) => {
  const { port } = await serve(t)
  const client = new KinesisClient({
    endpoint: `https://localhost:${port}`,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
    requestHandler: { nodeHttp2ConnectOptions: { ca: certificate.cert } },
  })
  t.after(() => client.destroy())
  assert.equal((await client.send(new ListStreamsCommand())).StreamNames?.length, 1)
})

test("the SDK's S3 client works in path style and with the bucket in the host name", async (t) => {
  const { endpoint, port, inputs } = await serve(t)
  for (const [forcePathStyle, at] of [
    [true, endpoint],
    [false, `http://localhost:${port}`],
  ] as const) {
    const client = new S3Client({
      endpoint: at,
      region: 'eu-west-1',
      credentials,
      forcePathStyle,
      requestHandler: { httpAgent: httpAgent() },
      maxAttempts: 1,
    })
    t.after(() => client.destroy())
    const put = { Bucket: 'bucket', Key: 'a b/水', Body: 'hello world', Metadata: { owner: 'me' } }
    assert.equal((await client.send(new PutObjectCommand(put))).ETag, '"11"')
    const { Body, Key, Metadata } = inputs.pop() ?? {}
    assert.deepEqual([String(Body), Key, Metadata], ['hello world', 'a b/水', { owner: 'me' }])
    const got = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'k' }))
    assert.equal(await got.Body?.transformToString(), 'hello world')
    assert.deepEqual(got.LastModified, new Date('2026-01-02T03:04:05Z'))
    const listed = await client.send(new ListObjectsV2Command({ Bucket: 'bucket' }))
    assert.deepEqual(
      listed.Contents?.map(({ Key }) => Key),
      ['a&b', 'tab\u0001'],
    )
    const Delete = { Objects: [{ Key: 'x\r\n\u2028<' }, { Key: 'y' }] }
    const deleted = await client.send(new DeleteObjectsCommand({ Bucket: 'bucket', Delete }))
    assert.deepEqual(
      deleted.Deleted?.map(({ Key }) => Key),
      ['x\r\n\u2028<', 'y'],
    )
    const missing = { Bucket: 'missing', Key: 'k' }
    await assert.rejects(client.send(new GetObjectCommand(missing)), NoSuchBucket)
    await assert.rejects(client.send(new HeadObjectCommand(missing)), { name: 'NotFound' })
  }
})

test('a body that the SDK streams arrives without its framing, its checksum behind it', async (t) => {
  const { endpoint, inputs } = await serve(t)
  const client = new S3Client({
    endpoint,
    region: 'eu-west-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  })
  t.after(() => client.destroy())
  const { Readable } = await import('node:stream')
  const data = Buffer.alloc(300_000, 'abc')
  const Body = Readable.from([data.subarray(0, 100_000), data.subarray(100_000)])
  await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'k', Body, ContentLength: data.length }))
  assert.deepEqual(inputs[0]?.Body, data)
  assert.equal(inputs[0]?.ContentLength, data.length)
  assert.equal(inputs[0]?.ContentEncoding, undefined)
  assert.deepEqual(Object.keys(inputs[0]?.trailers ?? {}), ['x-amz-checksum-crc32'])
})

test("the SDK's STS client is told who it is, and what there is not", async (t) => {
  const { endpoint } = await serve(t)
  const client = new STSClient({ endpoint, region: 'eu-west-1', credentials, maxAttempts: 1 })
  t.after(() => client.destroy())
  const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand())
  assert.deepEqual([Account, Arn, UserId], ['123456789012', 'arn:aws:iam::123456789012:root', '123456789012'])
  const assume = new AssumeRoleWithSAMLCommand({
    RoleArn: 'arn:aws:iam::123456789012:role/r',
    PrincipalArn: 'arn:aws:iam::123456789012:saml-provider/p',
    SAMLAssertion: 'asserted',
  })
  await assert.rejects(client.send(assume), {
    name: 'UnsupportedOperationException',
    message: /AssumeRoleWithSAML/,
  })
})
