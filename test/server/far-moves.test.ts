import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import type { Standpipe } from '../../src/start.ts'
import { clientOf, startServer } from '../server.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
const arnOf = (bucket: string) => `arn:aws:s3:::${bucket}`
const streamArn = (name: string) => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`

/** A server on which something of everything is there that time does something to. */
async function world(t: TestContext, startAt: number, deliveryStreams: number) {
  const standpipe = await startServer(t, { limits: 'off' })
  await standpipe.clock.advance(startAt - standpipe.clock.now().getTime())
  const { clientConfig } = standpipe
  const kinesis = clientOf(t, new KinesisClient(clientConfig))
  const firehose = clientOf(t, new FirehoseClient(clientConfig))
  const s3 = clientOf(t, new S3Client(clientConfig))
  const sts = clientOf(t, new STSClient(clientConfig))
  for (const Bucket of ['landing', 'gone']) await s3.send(new CreateBucketCommand({ Bucket }))
  const rule = { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } } as const
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'landing',
      LifecycleConfiguration: {
        Rules: [
          { Status: 'Enabled', Filter: { Prefix: 'brief-1' }, Expiration: { Days: 2 } },
          { ...rule, Filter: { Prefix: '' } },
        ],
      },
    }),
  )
  await s3.send(new CreateMultipartUploadCommand({ Bucket: 'landing', Key: 'never-finished' }))
  for (const StreamName of ['clicks', 'deleted', 'leaving'])
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }))
  await kinesis.send(
    new CreateStreamCommand({ StreamName: 'on-demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } }),
  )
  const create = (name: string, bucket: string, IntervalInSeconds: number, source?: string) =>
    firehose.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: name,
        ...(source !== undefined && {
          DeliveryStreamType: 'KinesisStreamAsSource',
          KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn(source), RoleARN },
        }),
        ExtendedS3DestinationConfiguration: {
          RoleARN,
          BucketARN: arnOf(bucket),
          Prefix: `${name}/!{timestamp:yyyy-MM-dd/HH-mm-ss}/`,
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
          BufferingHints: { SizeInMBs: 1, IntervalInSeconds },
        },
      }),
    )
  for (let index = 0; index < deliveryStreams; index++) await create(`brief-${index}`, 'landing', 60 + index)
  await create('of-clicks', 'landing', 900, 'clicks')
  await create('of-deleted', 'landing', 60, 'deleted')
  await create('refused', 'gone', 60)
  await sts
    .send(new AssumeRoleCommand({ RoleArn: RoleARN, RoleSessionName: 'session' }))
    .catch(() => undefined)
  for (let index = 0; index < deliveryStreams; index++)
    await firehose.send(
      new PutRecordCommand({ DeliveryStreamName: `brief-${index}`, Record: { Data: Buffer.from('brief') } }),
    )
  await firehose.send(
    new PutRecordCommand({ DeliveryStreamName: 'refused', Record: { Data: Buffer.from('refused') } }),
  )
  const Records = Array.from({ length: 10 }, (_, index) => ({
    ...{ Data: Buffer.from(`click ${index}`), PartitionKey: `key ${index}` },
  }))
  for (const StreamName of ['clicks', 'on-demand'])
    await kinesis.send(new PutRecordsCommand({ StreamName, Records }))
  await kinesis.send(
    new UpdateShardCountCommand({
      ...{ StreamName: 'clicks', TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' },
    }),
  )
  for (const StreamName of ['deleted', 'leaving']) await kinesis.send(new DeleteStreamCommand({ StreamName }))
  await s3.send(new DeleteBucketCommand({ Bucket: 'gone' }))

  /** What can be seen of it; keys without what is random in them. */
  async function seen() {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'landing' }))
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'landing' }))
    const clicks = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'clicks' }))
    const cost = (await own(standpipe, 'cost')) as { readonly total: number }
    return {
      objects: Contents.map(({ Key = '', Size, LastModified }) =>
        [Key.replace(/-[0-9a-f]{8}-[0-9a-f-]{27}/, ''), Size, LastModified?.toISOString()].join(' '),
      ).sort(),
      uploads: Uploads.length,
      shards: clicks.StreamDescriptionSummary?.OpenShardCount,
      total: cost.total,
      now: standpipe.clock.now().toISOString(),
    }
  }
  return { standpipe, seen }
}

const own = async ({ endpoint }: Standpipe, path: string, post?: object): Promise<unknown> => {
  const init = post && { method: 'POST', body: JSON.stringify(post) }
  const answer = await fetch(`${endpoint}/_standpipe/api/${path}`, init)
  return await answer.json()
}

test('moving the clock by 100,000 days takes no longer than what comes due', {
  timeout: 60_000,
}, async (t) => {
  const { standpipe, seen } = await world(t, Date.UTC(2027, 0, 1, 9, 5, 7), 50)
  const budget = (await own(standpipe, 'budget', { usd: 5 })) as { readonly usd: number }
  assert.equal(budget.usd, 5)
  const began = performance.now()
  await standpipe.clock.advance('100000d')
  const tookMs = performance.now() - began
  t.diagnostic(`100,000 days took ${Math.round(tookMs)} ms`)
  assert.ok(tookMs < 5_000, `it took ${tookMs} ms`)
  const { objects, uploads, shards, now } = await seen()
  assert.equal(now, new Date(Date.UTC(2027, 0, 1, 9, 5, 7) + 100_000 * DAY_MS).toISOString())
  assert.deepEqual([uploads, shards], [0, 4])
  // Those of brief-1 and brief-10 to -19 are over.
  assert.equal(objects.filter((object) => object.startsWith('brief-')).length, 39)
})

test('one move does what many small ones do', { timeout: 120_000 }, async (t) => {
  const startAt = Date.UTC(2027, 0, 1, 9, 5, 7)
  const whole = await world(t, startAt, 3)
  await whole.standpipe.clock.advance(12 * DAY_MS)
  const { total: expectedTotal, ...expected } = await whole.seen()
  assert.ok(expected.objects.length >= 3, expected.objects.join('\n'))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 12 * DAY_MS - 1 }), { minLength: 1, maxLength: 20 }),
      async (cuts) => {
        const parts = await world(t, startAt, 3)
        const ends = [...new Set(cuts), 12 * DAY_MS].sort((a, b) => a - b)
        for (const [nth, end] of ends.entries())
          await parts.standpipe.clock.advance(end - (ends[nth - 1] ?? 0))
        const { total, ...rest } = await parts.seen()
        // A delivery that is refused is tried more often by many small moves, and each attempt is a request.
        assert.ok(Math.abs(total - expectedTotal) < 0.001, `${total} is not ${expectedTotal}`)
        assert.deepEqual(rest, expected)
      },
    ),
    { numRuns: 3, endOnFailure: true },
  )
})

test('a time that no clock reaches is refused by name, and nothing is moved', async (t) => {
  const standpipe = await startServer(t)
  const before = standpipe.clock.now().getTime()
  for (const by of ['1000000d', '99999999999999999999d', 8.64e15, Number.MAX_VALUE]) {
    const refusal = (await own(standpipe, 'clock/advance', { by })) as { code: string; message: string }
    assert.equal(refusal.code, 'ClockEnd')
    assert.match(refusal.message, /^The clock ends at 2500-01-01T00:00:00.000Z: .* by \d+ days at most\.$/)
    await assert.rejects(standpipe.clock.advance(by), /The clock ends at 2500/)
  }
  assert.equal(standpipe.clock.now().getTime(), before)
})

test('records of times after 2089 are read in their order and by their times', async (t) => {
  const { clientConfig, clock } = await startServer(t)
  const kinesis = clientOf(t, new KinesisClient(clientConfig))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'far', ShardCount: 1 }))
  const put = async (text: string) =>
    await kinesis.send(
      new PutRecordsCommand({
        ...{ StreamName: 'far', Records: [{ Data: Buffer.from(text), PartitionKey: 'key' }] },
      }),
    )
  const answered: bigint[] = []
  for (const year of [2059, 2061, 2088, 2090, 2300, 2499]) {
    await clock.advance(Date.UTC(year, 5, 1) - clock.now().getTime())
    for (const text of ['a', 'b']) {
      const { Records = [] } = await put(`${text} ${year}`)
      answered.push(BigInt(Records[0]!.SequenceNumber!))
    }
  }
  assert.deepEqual(
    answered.toSorted((a, b) => (a < b ? -1 : 1)),
    answered,
  )
  assert.equal(new Set(answered).size, 12)
})
