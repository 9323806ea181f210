import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
  PutRecordCommand as PutToFirehose,
} from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { SpaceView } from '../../src/api/views.ts'
import type { StartOptions } from '../../src/start.ts'
import { fetchSigned } from '../client-access.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'

const MIB = 2 ** 20
const HOUR = '1h'

async function lab(t: TestContext, options: StartOptions = {}) {
  const standpipe = await startServer(t, options)
  const config = { ...standpipe.clientConfig, maxAttempts: 1 }
  const own = async <T>(path: string, body?: object): Promise<T> => {
    const asked = body
      ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : {}
    const answer = await fetchSigned(`${standpipe.endpoint}/_standpipe/${path}`, asked)
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    return JSON.parse(text)
  }
  return {
    standpipe,
    own,
    s3: clientOf(t, new S3Client(config)),
    kinesis: clientOf(t, new KinesisClient(config)),
    firehose: clientOf(t, new FirehoseClient(config)),
    quota: (place: string, bytes: number | null) => own(`api/quotas/${place}`, { bytes }),
    space: () => own<SpaceView>('api/space'),
    metrics: async () => (await fetchSigned(`${standpipe.endpoint}/_standpipe/metrics`)).text(),
    problems: async () =>
      (await own<{ problems: { code: string; where: string }[] }>('health')).problems.map(
        ({ code, where }) => `${code} ${where}`,
      ),
  }
}

const refused =
  (name: string, message: RegExp, status: number) =>
  (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.name, name)
    assert.match(error.message, message)
    assert.equal(error.$metadata?.httpStatusCode, status)
    return true
  }

const body = (sizeBytes: number) => new Uint8Array(sizeBytes).fill(97)

test('a bucket that has met its quota refuses puts, copies and parts by name; smaller ones, deletions and completions go on', async (t) => {
  const { s3, quota, space, problems } = await lab(t)
  const Bucket = 'lake'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const put = (Key: string, sizeBytes: number) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: body(sizeBytes) }))
  await put('a', 300_000)
  await put('b', 10_000)
  await quota('bucket/lake', 400_000)
  const isMet = refused(
    'QuotaExceeded',
    /^The bucket lake has met its quota of 390\.6 KiB: .* are used, and there is no room for .* more\.$/,
    403,
  )
  await assert.rejects(put('c', 100_000), isMet)
  await assert.rejects(s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/a` })), isMet)
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'm' }))
  const part = (PartNumber: number, sizeBytes: number) =>
    s3.send(new UploadPartCommand({ Bucket, Key: 'm', UploadId, PartNumber, Body: body(sizeBytes) }))
  await assert.rejects(part(1, 100_000), isMet)
  assert.deepEqual(await problems(), ['QuotaMet bucket lake'])
  await put('a', 250_000)
  const { ETag } = await part(1, 140_000)
  const [held] = (await space()).buckets.largest
  assert.deepEqual(held, {
    ...{ name: 'lake', account: '000000000000', region: 'us-east-1', objects: 2, bytes: 400_000 },
    ...{ uploadBytes: 140_000, quotaBytes: 400_000 },
  })
  await assert.rejects(put('c', 1), isMet)
  // The object is made of bytes that are there already.
  await s3.send(
    new CompleteMultipartUploadCommand({
      Bucket,
      Key: 'm',
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
    }),
  )
  assert.equal((await space()).buckets.bytes, 400_000)
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'm' }))
  assert.deepEqual(await problems(), [])
  await put('c', 140_000)
  await assert.rejects(put('d', 1), isMet)
  await quota('bucket/lake', null)
  assert.deepEqual(await problems(), [])
  await put('d', 1)
})

test('a stream that has met its quota refuses the whole call, by name, until records are too old', async (t) => {
  const { standpipe, kinesis, quota, space, problems } = await lab(t)
  const StreamName = 'clicks'
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  const put = (sizeBytes: number) =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'a', Data: body(sizeBytes) }))
  await put(50_000)
  await quota('stream/clicks', 100_000)
  await put(40_000)
  const isMet = refused('LimitExceededException', /^The stream clicks has met its quota of 97\.7 KiB: /, 400)
  await assert.rejects(put(40_000), isMet)
  const records = [1, 40_000].map((sizeBytes) => ({ PartitionKey: 'a', Data: body(sizeBytes) }))
  await assert.rejects(kinesis.send(new PutRecordsCommand({ StreamName, Records: records })), isMet)
  const [held] = (await space()).streams.largest
  assert.ok(
    held && held.bytes >= 90_000 && held.bytes < 91_000 && held.quotaBytes === 100_000,
    JSON.stringify(held),
  )
  assert.deepEqual(await problems(), ['QuotaMet stream clicks'])
  await standpipe.clock.advance('25h')
  assert.deepEqual(await problems(), [])
  await put(40_000)
  // What comes after it under the same name has none.
  await kinesis.send(new DeleteStreamCommand({ StreamName }))
  await standpipe.clock.advance('1m')
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  for (let index = 0; index < 3; index++) await put(50_000)
  assert.equal((await space()).streams.largest[0]?.quotaBytes, undefined)
})

test('the buffer of a delivery stream that has met its quota refuses until it is delivered', async (t) => {
  const { standpipe, s3, firehose, quota, space } = await lab(t)
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  const DeliveryStreamName = 'to-lake'
  const S3DestinationConfiguration = {
    RoleARN: 'arn:aws:iam::000000000000:role/r',
    BucketARN: 'arn:aws:s3:::lake',
  }
  await firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration }))
  await quota('delivery-stream/to-lake', 100_000)
  const put = (sizeBytes: number) =>
    firehose.send(new PutToFirehose({ DeliveryStreamName, Record: { Data: body(sizeBytes) } }))
  await put(60_000)
  const isMet = refused(
    'ServiceUnavailableException',
    /^The delivery stream to-lake has met its quota of 97\.7 KiB: /,
    503,
  )
  await assert.rejects(put(60_000), isMet)
  const batch = new PutRecordBatchCommand({ DeliveryStreamName, Records: [{ Data: body(60_000) }] })
  await assert.rejects(firehose.send(batch), isMet)
  assert.ok((await space()).buffers.bytes >= 60_000)
  await standpipe.clock.advance('10m')
  assert.equal((await space()).buffers.bytes, 0)
  await put(60_000)
})

test('delivery into a bucket whose quota is met waits, says so, and loses nothing', async (t) => {
  const { standpipe, s3, firehose, quota, problems } = await lab(t)
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  await s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'old', Body: body(100_000) }))
  const DeliveryStreamName = 'to-lake'
  const S3DestinationConfiguration = {
    RoleARN: 'arn:aws:iam::000000000000:role/r',
    BucketARN: 'arn:aws:s3:::lake',
  }
  await firehose.send(new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration }))
  await quota('bucket/lake', 120_000)
  for (let index = 0; index < 5; index++)
    await firehose.send(
      new PutToFirehose({ DeliveryStreamName, Record: { Data: Buffer.from(`${index}`.repeat(10_000)) } }),
    )
  await standpipe.clock.advance(HOUR)
  assert.ok((await problems()).includes('QuotaMet bucket lake'), (await problems()).join())
  const keysNow = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: 'lake' }))).Contents ?? []).map(({ Key }) => Key!)
  assert.deepEqual(await keysNow(), ['old'])
  await s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'old' }))
  await standpipe.clock.advance(HOUR)
  const [key, ...more] = await keysNow()
  assert.deepEqual(more, [])
  const found = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: key! }))
  assert.equal(
    await found.Body!.transformToString(),
    [0, 1, 2, 3, 4].map((digit) => `${digit}`.repeat(10_000)).join(''),
  )
  assert.deepEqual(await problems(), [])
  await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }))
})

test('figures and quotas survive a restart; a bucket made anew has no quota, and a reset leaves nothing', async (t) => {
  const data = temporaryFolder(t)
  const first = await lab(t, { data, ephemeral: false })
  await first.s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  for (let index = 0; index < 10; index++)
    await first.s3.send(
      new PutObjectCommand({ Bucket: 'lake', Key: `k${index}`, Body: body(index * 20_000) }),
    )
  await first.quota('bucket/lake', 950_000)
  await first.standpipe.close()
  const again = await lab(t, { data, ephemeral: false })
  const put = again.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'more', Body: body(60_000) }))
  await assert.rejects(put, refused('QuotaExceeded', /lake/, 403))
  const [held] = (await again.space()).buckets.largest
  assert.deepEqual([held?.objects, held?.bytes, held?.quotaBytes], [10, 900_000, 950_000])
  for (let index = 0; index < 10; index++)
    await again.s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: `k${index}` }))
  await again.s3.send(new DeleteBucketCommand({ Bucket: 'lake' }))
  await again.s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  await again.s3.send(new PutObjectCommand({ Bucket: 'lake', Key: 'all', Body: body(MIB) }))
  assert.deepEqual((await again.space()).buckets.largest[0]?.quotaBytes, undefined)
  await again.own('api/reset', {})
  const empty = await again.space()
  assert.deepEqual([empty.buckets.count, empty.buckets.bytes, empty.streams.count], [0, 0, 0])
})

test('a data folder that has reached --max-disk refuses S3 and Kinesis; reads and deletions go on and bring it back', async (t) => {
  const { s3, kinesis, space, own } = await lab(t, {
    data: temporaryFolder(t),
    ephemeral: false,
    maxDisk: 256 * MIB,
  })
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
  const put = (Key: string, sizeBytes: number) =>
    s3.send(new PutObjectCommand({ Bucket: 'lake', Key, Body: body(sizeBytes) }))
  for (let index = 0; index < 7; index++) await put(`k${index}`, 20 * MIB)
  const before = await space()
  await put('rest', before.roomBytes - 3 * MIB)
  await assert.rejects(put('large', 5 * MIB))
  await assert.rejects(
    (async () => {
      for (let index = 0; index < 90; index++) await put(`small${index}`, 60_000)
    })(),
  )
  const record = new PutRecordCommand({ StreamName: 'clicks', PartitionKey: 'a', Data: body(700_000) })
  await assert.rejects(kinesis.send(record))
  const StreamName = 'clicks'
  await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }))
  const kept = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))
  assert.equal(kept.StreamDescriptionSummary?.RetentionPeriodHours, 48)
  const full = await space()
  assert.ok(full.usedBytes <= 256 * MIB && full.limitBytes === 256 * MIB)
  const { problems } = await own<{ problems: { code: string; what: string }[] }>('health')
  assert.ok(
    full.roomBytes > 0 || problems.some(({ what }) => what.includes('--max-disk 256 MiB')),
    JSON.stringify(problems),
  )
  const read = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: 'k0' }))
  assert.equal((await read.Body!.transformToByteArray()).length, 20 * MIB)
  await s3.send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'k0' }))
  // Behind the answer; whoever asks for its health has the server look again at once.
  for (let look = 0; (await space()).roomBytes < 17 * MIB; look++) assert.ok(look < 1_000)
  assert.equal((await own<{ status: string }>('health')).status, 'ok')
  await put('small', 60_000)
  await kinesis.send(record)
})

test('a disk that fills up is forecast, in metrics and as a problem, by the clock', async (t) => {
  const { standpipe, kinesis, space, metrics, problems } = await lab(t)
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 4 }))
  assert.equal((await space()).fullInMs, undefined)
  const Records = Array.from({ length: 10 }, (_, index) => ({
    PartitionKey: String(index),
    Data: body(MIB - 100),
  }))
  for (let step = 0; step < 12; step++) {
    await kinesis.send(new PutRecordsCommand({ StreamName: 'clicks', Records: Records.slice(0, 9) }))
    await standpipe.clock.advance('10m')
  }
  const { fullInMs, roomBytes } = await space()
  const expected = (roomBytes / (9 * MIB)) * 600_000
  assert.ok(
    fullInMs !== undefined && fullInMs > expected / 3 && fullInMs < expected * 3,
    `${fullInMs} of ${expected}`,
  )
  assert.deepEqual(await problems(), ['FillsUp data folder'])
  const told = await metrics()
  assert.match(told, /^standpipe_full_in_seconds \d+$/m)
  assert.match(
    told,
    /^standpipe_stream_bytes\{name="clicks",account="000000000000",region="us-east-1"\} \d{9}$/m,
  )
  assert.match(told, /^standpipe_used_bytes\{of="streams"\} \d{9}$/m)
})

test('a quota of what there is not, or that means nothing, is refused in the words of its service', async (t) => {
  const { standpipe } = await lab(t)
  const post = async (place: string, bytes: unknown) => {
    const asked = {
      method: 'POST',
      body: JSON.stringify({ bytes }),
      headers: { 'content-type': 'application/json' },
    }
    const answer = await fetchSigned(`${standpipe.endpoint}/_standpipe/api/quotas/${place}`, asked)
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  assert.deepEqual(await post('bucket/nowhere', 5), [404, 'NoSuchBucket'])
  assert.deepEqual(await post('stream/nothing', 5), [400, 'ResourceNotFoundException'])
  assert.deepEqual(await post('delivery-stream/nothing', 5), [400, 'ResourceNotFoundException'])
  for (const bytes of [0, -1, 1.5, 'x', undefined, 1e300])
    assert.deepEqual(await post('bucket/nowhere', bytes), [400, 'BadRequest'])
  assert.equal((await post('shard/x', 5))[0], 404)
})
