import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import {
  CreateDeliveryStreamCommand,
  FirehoseClient,
  PutRecordCommand as PutToFirehose,
} from '@aws-sdk/client-firehose'
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { type Standpipe, type StartOptions, start } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { deadEndpoint } from './remote-lab.ts'

const NAME = 'to-far'
const Bucket = 'far'
const keys = { s3AccessKeyId: 'key', s3SecretAccessKey: 'the-secret' }

/** A Standpipe that delivers through a proxy to another one, and its delivery stream. */
async function startPair(t: TestContext, settings: object = {}, options: StartOptions = {}) {
  const far = await startServer(t)
  const proxy = await startFaultProxy(t, far.endpoint)
  const nearOptions = { s3Endpoint: proxy.endpoint, ...keys, ...options }
  const near = await startServer(t, nearOptions)
  const s3 = clientOf(t, new S3Client(far.clientConfig))
  const firehose = clientOf(t, new FirehoseClient(near.clientConfig))
  const destination = { RoleARN: 'arn:aws:iam::000000000000:role/r', BucketARN: `arn:aws:s3:::${Bucket}` }
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: NAME,
      ExtendedS3DestinationConfiguration: { ...destination, ...settings },
    }),
  )
  const put = async (text: string) => {
    await firehose.send(new PutToFirehose({ DeliveryStreamName: NAME, Record: { Data: Buffer.from(text) } }))
  }
  const list = async (client: S3Client = s3) => {
    const objects: { key: string; body: Buffer }[] = []
    for (const { Key } of (await client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }))
      objects.push({ key: Key!, body: Buffer.from((await Body?.transformToByteArray()) ?? []) })
    }
    return objects
  }
  return { near, nearOptions, proxy, s3, put, list }
}

/** A Kinesis stream and a delivery stream that reads it. */
async function streamInto(t: TestContext, { clientConfig, clock }: Standpipe) {
  const kinesis = clientOf(t, new KinesisClient(clientConfig))
  const firehose = clientOf(t, new FirehoseClient(clientConfig))
  const StreamName = 'clicks'
  const RoleARN = 'arn:aws:iam::000000000000:role/r'
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  await clock.advance('1m')
  const KinesisStreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'from-stream',
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: { KinesisStreamARN, RoleARN },
      ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: `arn:aws:s3:::${Bucket}` },
    }),
  )
  await clock.advance('1m')
  const put = (text: string) =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) }))
  return { put }
}

const gaugeOf = async ({ endpoint }: Standpipe, name = NAME) =>
  (await (await fetch(`${endpoint}/_standpipe/api/delivery-streams/${name}`)).json()) as {
    failures: number
    lastError?: { code: string; message: string }
    gone?: { records: number }
    lastDeliveries: object[]
  }

test('with --s3-endpoint, objects go to the other S3 and none to the embedded one', async (t) => {
  const { near, s3, put, list } = await startPair(t, { CompressionFormat: 'GZIP', Prefix: 'raw/' })
  const own = clientOf(t, new S3Client(near.clientConfig))
  for (const client of [s3, own]) await client.send(new CreateBucketCommand({ Bucket }))
  await put('{"a":1}\n')
  await put('{"a":2}\n')
  await near.clock.advance('5m')
  const [object, ...more] = await list()
  assert.match(object!.key, /^raw\/.*\.gz$/)
  assert.equal(gunzipSync(object!.body).toString(), '{"a":1}\n{"a":2}\n')
  assert.deepEqual([more, await list(own)], [[], []])
})

test('a delivery whose answer was lost is done, and its object is there once', async (t) => {
  const { near, proxy, s3, put, list } = await startPair(t)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await put('once')
  proxy.fail('cut after it is stored')
  await near.clock.advance('5m')
  assert.deepEqual(proxy.seen, ['PUT: cut after it is stored', 'HEAD'])
  assert.equal((await gaugeOf(near)).failures, 0)
  await near.clock.advance('1h')
  assert.deepEqual(
    (await list()).map(({ body }) => body.toString()),
    ['once'],
  )
})

test('a server that goes down between the object and its checkpoint finds the object when it is back', async (t) => {
  const options = { ephemeral: false, data: temporaryFolder(t) }
  const { near, proxy, s3, put, list, nearOptions } = await startPair(t, {}, options)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await put('once')
  proxy.fail('silence after it is stored')
  const stored = proxy.stored()
  const moved = near.clock.advance('5m').catch(() => undefined)
  await stored
  await near.close()
  await moved
  assert.equal((await list()).length, 1)
  const again = await startServer(t, nearOptions)
  await again.clock.advance('10m')
  assert.deepEqual(proxy.seen, ['PUT: silence after it is stored', 'PUT', 'HEAD'])
  assert.equal((await gaugeOf(again)).failures, 0)
  assert.deepEqual(
    (await list()).map(({ body }) => body.toString()),
    ['once'],
  )
})

test('what was stored in silence before its records expired is found and counts as delivered whole', async (t) => {
  const options = { ephemeral: false, data: temporaryFolder(t) }
  const { near, proxy, s3, list, nearOptions } = await startPair(t, {}, options)
  await s3.send(new CreateBucketCommand({ Bucket }))
  const { put } = await streamInto(t, near)
  for (const text of ['one ', 'two ']) {
    await put(text)
    await near.clock.advance('2m')
  }
  proxy.fail('silence after it is stored')
  const stored = proxy.stored()
  const moved = near.clock.advance('5m').catch(() => undefined)
  await stored
  await near.close()
  await moved
  // A proxy that is not there when it comes back keeps it from looking until the records are gone.
  const dead = { ...nearOptions, s3Endpoint: await deadEndpoint() }
  const cut = await startServer(t, dead)
  await cut.clock.advance(86_400_000 - 5 * 60_000)
  await cut.close()
  const again = await startServer(t, nearOptions)
  await again.clock.advance('10m')
  assert.deepEqual(
    (await list()).map(({ body }) => body.toString()),
    ['one two '],
  )
  const { gone, lastDeliveries } = await gaugeOf(again, 'from-stream')
  assert.equal(gone, undefined)
  assert.partialDeepStrictEqual(lastDeliveries, [
    { records: 2, outcome: { status: 'delivered', sizeBytes: 8 } },
  ])
})

test('500, 503 and a missing bucket are retried with their names until the object is there', async (t) => {
  const { near, proxy, s3, put, list } = await startPair(t)
  await put('late')
  proxy.fail('answer 500', 'answer 503')
  await near.clock.advance('5m')
  assert.equal((await gaugeOf(near)).lastError?.code, 'InternalError')
  await near.clock.advance('1s')
  assert.equal((await gaugeOf(near)).lastError?.code, 'S3.SlowDown')
  await near.clock.advance('2s')
  const { failures, lastError } = await gaugeOf(near)
  assert.equal(failures, 3)
  assert.deepEqual(
    [lastError?.code, lastError?.message],
    ['S3.NoSuchBucket', 'The specified bucket does not exist'],
  )
  await s3.send(new CreateBucketCommand({ Bucket }))
  await near.clock.advance('4s')
  assert.equal((await gaugeOf(near)).failures, 0)
  assert.deepEqual(
    (await list()).map(({ body }) => body.toString()),
    ['late'],
  )
})

test('an object of somebody else in the way is kept and named, and delivery goes on when it is gone', async (t) => {
  const { near, proxy, s3, put, list } = await startPair(t)
  await s3.send(new CreateBucketCommand({ Bucket }))
  await put('mine')
  proxy.fail('cut after another is stored')
  await near.clock.advance('5m')
  const [theirs] = await list()
  for (const failures of [1, 2]) {
    const gauge = await gaugeOf(near)
    assert.deepEqual([gauge.failures, gauge.lastError?.code], [failures, 'S3.PreconditionFailed'])
    assert.match(gauge.lastError!.message, /^another object is at far\/.*: 6 bytes/)
    assert.deepEqual(await list(), [{ key: theirs!.key, body: Buffer.from('theirs') }])
    await near.clock.advance(failures * 1000)
  }
  await s3.send(new DeleteObjectCommand({ Bucket, Key: theirs!.key }))
  await near.clock.advance('4s')
  assert.deepEqual(await list(), [{ key: theirs!.key, body: Buffer.from('mine') }])
})

test('neither health nor metrics shows the keys', async (t) => {
  const { near, proxy } = await startPair(t)
  const health = await (await fetch(`${near.endpoint}/_standpipe/health`)).text()
  assert.equal(JSON.parse(health).s3Endpoint, proxy.endpoint)
  const metrics = await (await fetch(`${near.endpoint}/_standpipe/metrics`)).text()
  assert.equal(`${health}${metrics}`.includes(keys.s3SecretAccessKey), false)
})

test('without its keys, or with something that is no URL, a server does not start', async () => {
  const options = { port: 0, ephemeral: true }
  await assert.rejects(start({ ...options, s3Endpoint: 'http://127.0.0.1:9' }), {
    name: 'UsageError',
    message: /STANDPIPE_S3_ACCESS_KEY_ID/,
  })
  await assert.rejects(start({ ...options, ...keys, s3Endpoint: 'minio:9000' }), { name: 'UsageError' })
})
