import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { createClock } from '../../src/clock/clock.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import { moveClock, restoreClock } from '../../src/server/documents/saved-clock.ts'
import type { Standpipe } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'
import { clientOf, startServer } from '../server.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 365 * 24 * HOUR_MS
const fail = (error: unknown) => assert.fail(String(error))

/** From now on the machine's time is so far from what it was. */
function machineTime(t: TestContext) {
  const { now } = Date
  let byMs = 0
  t.mock.method(Date, 'now', () => now() + byMs)
  return (ms: number) => {
    byMs = ms
  }
}

const live = (t: TestContext, data: string) =>
  startServer(t, { data, ephemeral: false, clock: 'real', limits: 'off' })

async function problemsOf({ endpoint }: Standpipe): Promise<string[]> {
  const health = (await (await fetch(`${endpoint}/_standpipe/health`)).json()) as {
    readonly problems: readonly { readonly code: string; readonly what: string }[]
  }
  return health.problems.map(({ code }) => code)
}

const statusOf = async (kinesis: KinesisClient) =>
  (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'clicks' }))).StreamDescriptionSummary
    ?.StreamStatus

test('a stream that was ACTIVE stays so when the machine is set back, with and without a restart', async (t) => {
  const setBy = machineTime(t)
  const data = temporaryFolder(t)
  const first = await live(t, data)
  const kinesis = clientOf(t, new KinesisClient({ ...first.clientConfig }))
  await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
  await first.clock.advance('10s')
  assert.equal(await statusOf(kinesis), 'ACTIVE')
  setBy(-HOUR_MS)
  assert.equal(await statusOf(kinesis), 'ACTIVE')
  const before = first.clock.now().getTime()
  await first.close()
  setBy(-2 * HOUR_MS)
  const second = await live(t, data)
  assert.ok(second.clock.now().getTime() >= before)
  assert.equal(await statusOf(clientOf(t, new KinesisClient(second.clientConfig))), 'ACTIVE')
  assert.deepEqual(await problemsOf(second), ['ClockSetBack'])
  await second.close()
  setBy(0)
  const third = await live(t, data)
  assert.deepEqual(await problemsOf(third), [])
})

test('the arrival times of a shard never go back', async (t) => {
  const setBy = machineTime(t)
  const data = temporaryFolder(t)
  let kinesis: KinesisClient
  const put = (text: string) =>
    kinesis.send(
      new PutRecordsCommand({
        ...{ StreamName: 'clicks', Records: [{ Data: Buffer.from(text), PartitionKey: 'key' }] },
      }),
    )
  for (const [nth, byMs] of [0, -HOUR_MS, 2 * HOUR_MS, -24 * HOUR_MS].entries()) {
    setBy(byMs)
    const life = await live(t, data)
    kinesis = clientOf(t, new KinesisClient(life.clientConfig))
    if (nth === 0) {
      await kinesis.send(new CreateStreamCommand({ StreamName: 'clicks', ShardCount: 1 }))
      await life.clock.advance('10s')
    }
    await put(`in life ${nth}`)
    if (nth === 3) {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({
          ...{ StreamName: 'clicks', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
        }),
      )
      const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }))
      const times = Records.map(({ ApproximateArrivalTimestamp: time }) => time!.getTime())
      assert.equal(times.length, 4)
      assert.deepEqual(times, times.toSorted())
    }
    await life.close()
  }
})

test('a server that once ran years ahead by mistake waits for nothing but its intervals', async (t) => {
  const setBy = machineTime(t)
  const data = temporaryFolder(t)
  setBy(5 * YEAR_MS)
  const wrong = await live(t, data)
  const [s3, firehose] = [new S3Client(wrong.clientConfig), new FirehoseClient(wrong.clientConfig)]
  await clientOf(t, s3).send(new CreateBucketCommand({ Bucket: 'landing' }))
  await clientOf(t, firehose).send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'to-s3',
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: 'arn:aws:s3:::landing',
        BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
      },
    }),
  )
  await wrong.clock.advance('10s')
  await firehose.send(
    new PutRecordCommand({ DeliveryStreamName: 'to-s3', Record: { Data: Buffer.from('a') } }),
  )
  await wrong.close()
  setBy(0)
  const right = await live(t, data)
  assert.ok(right.clock.now().getTime() - Date.now() > 4.9 * YEAR_MS)
  await right.clock.advance('61s')
  const again = clientOf(t, new S3Client(right.clientConfig))
  assert.equal((await again.send(new ListObjectsV2Command({ Bucket: 'landing' }))).KeyCount, 1)
})

test('a move that is cut short is remembered as far as it came', async () => {
  const clock = createClock({ mode: 'manual', startAt: Date.now(), onError: fail })
  const from = clock.now()
  const { metadata } = createMemoryEngine({ clock })
  const stop = new AbortController()
  const tick = () => {
    if (clock.now() >= from + 1_000) stop.abort(new Error('stopped'))
    clock.at(clock.now() + 1, tick)
    const until = performance.now() + 1
    while (performance.now() < until) {
      // It takes a while, so that the move lets others have their turn.
    }
  }
  clock.at(from, tick)
  await assert.rejects(moveClock(metadata, clock, 24 * HOUR_MS, stop.signal), /stopped/)
  const came = clock.now() - from
  assert.ok(came >= 1_000 && came < HOUR_MS)
  const next = createClock({ mode: 'manual', onError: fail })
  await restoreClock(metadata, next)
  assert.ok(next.offsetMs() < HOUR_MS, `${next.offsetMs()} ms ahead`)
})
