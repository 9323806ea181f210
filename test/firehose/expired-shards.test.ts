import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gone } from '../../src/delivery/lineage/gone.ts'
import { isEngineError } from '../../src/engine/ports/engine.ts'
import { destination, NAME, ROLE, STREAM_ARN, textOf } from './firehose-lab.ts'
import { line, partitioned } from './partitioned-lab.ts'
import { createSourceLab, type Life } from './source-lab.ts'

const StreamName = 'clicks'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const HALF = String(2n ** 127n)
const hints = { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } }
const small = destination(hints)
const withBackup = destination({
  ...{ ...hints, Prefix: 'objects/', S3BackupMode: 'Enabled' },
  S3BackupConfiguration: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::bucket', Prefix: 'backup/', ...hints },
})

async function withDelivery(lab: ReturnType<typeof createSourceLab>, settings = small): Promise<Life> {
  const life = await lab.live()
  await life.kinesis('CreateStream', { StreamName, ShardCount: 1 })
  await life.advance(MINUTE_MS)
  await life.firehose('CreateDeliveryStream', {
    DeliveryStreamName: NAME,
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: STREAM_ARN, RoleARN: ROLE },
    ...settings,
  })
  await life.advance(MINUTE_MS)
  return life
}

const put = async ({ kinesis }: Life, text: string, ExplicitHashKey = '0') =>
  (
    await kinesis<{ SequenceNumber: string }>('PutRecord', {
      ...{ StreamName, PartitionKey: 'a', ExplicitHashKey },
      Data: Buffer.from(text),
    })
  ).SequenceNumber

async function openOf({ kinesis }: Life): Promise<string[]> {
  const { Shards } = await kinesis<{ Shards: { ShardId: string }[] }>('ListShards', {
    StreamName,
    ShardFilter: { Type: 'AT_LATEST' },
  })
  return Shards.map(({ ShardId }) => ShardId)
}

async function reshard(life: Life): Promise<void> {
  const [one, other] = await openOf(life)
  if (other) await life.kinesis('MergeShards', { StreamName, ShardToMerge: one, AdjacentShardToMerge: other })
  else await life.kinesis('SplitShard', { StreamName, ShardToSplit: one, NewStartingHashKey: HALF })
  await life.advance(1_000)
}

test('delivery of a stream that is resharded daily for three months loses nothing and keeps a small checkpoint', async () => {
  const lab = createSourceLab()
  const life = await withDelivery(lab)
  const texts: string[] = []
  const numbers: string[] = []
  for (let day = 0; day < 90; day++) {
    texts.push(`${day}-before `, `${day}-after `)
    numbers.push(await put(life, `${day}-before `))
    await reshard(life)
    await put(life, `${day}-after `, HALF)
    await life.advance(DAY_MS)
  }
  assert.deepEqual(lab.texts().join('').split(' ').toSorted(), texts.join('').split(' ').toSorted())
  const checkpoints = await lab.metadata.list<{ positions: unknown[] }>({ prefix: 'firehose/checkpoint/' })
  assert.ok(checkpoints.every(({ value }) => value.positions.length <= 4))
  assert.equal((await life.status()).gone, undefined)
  // Of records of shards that are given back it is still known where they went.
  for (const number of [numbers[0]!, numbers[80]!]) {
    const [landed] = await life.landed(number)
    assert.equal(landed?.state, 'delivered')
  }
  assert.deepEqual(life.errors, [])
  await life.close()
})

for (const [when, pass] of [
  ['while nothing ran', 'pass'],
  ['while it was not there', 'advance'],
] as const)
  test(`a delivery that is behind shards that expired ${when} says what it missed, of those too that it never heard of`, async () => {
    const lab = createSourceLab()
    const life = await withDelivery(lab)
    await put(life, 'first ')
    await life.advance(2 * MINUTE_MS)
    assert.deepEqual(lab.texts(), ['first '])
    await life.stopDelivering()
    await put(life, 'missed ')
    await reshard(life)
    await put(life, 'unheard of ')
    await reshard(life)
    await put(life, 'too old ')
    if (pass === 'advance') await life.advance(2 * DAY_MS)
    await life.close()
    if (pass === 'pass') lab.pass(2 * DAY_MS)
    const again = await lab.live()
    await put(again, 'last ')
    await again.advance(10 * MINUTE_MS)
    assert.deepEqual(lab.texts(), ['first ', 'last '])
    const { gone } = await again.status()
    assert.deepEqual([gone?.records, gone?.uncounted], [0, true])
    const noted = await lab.metadata.list<Gone>({ prefix: 'firehose/gone/' })
    assert.deepEqual(
      noted.map(({ value }) => value.logs?.toSorted()),
      [[0, 1, 3].map((index) => `shardId-00000000000${index}`)],
    )
    const { Shards } = await again.kinesis<{ Shards: unknown[] }>('ListShards', { StreamName })
    assert.equal(Shards.length, 1)
    assert.deepEqual(again.errors, [])
    await again.close()
  })

test('what was read of a shard in time and waits in a buffer is counted where it is gone, and noted only there', async () => {
  const lab = createSourceLab()
  const life = await withDelivery(lab)
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  const number = await put(life, 'buffered ')
  await reshard(life)
  await life.advance(DAY_MS + 60 * MINUTE_MS)
  lab.bucket.refuse(0)
  await life.advance(60 * MINUTE_MS)
  assert.deepEqual(lab.texts(), [])
  const { gone } = await life.status()
  assert.deepEqual([gone?.records, gone?.uncounted], [1, undefined])
  const [landed] = await life.landed(number)
  assert.equal(landed?.state, 'lost')
  // The shard is given back by then; what its records were called is known all the same.
  assert.ok(gone?.why.includes(number), gone?.why)
  await put(life, 'last ')
  await life.advance(10 * MINUTE_MS)
  assert.deepEqual(lab.texts(), ['last '])
  await life.close()
})

for (const [when, restart] of [
  ['', false],
  [' and the server starts again', true],
] as const)
  test(`of shards that expire behind a destination that is away${when} each record is named as gone, with its number`, async () => {
    const lab = createSourceLab()
    const life = await withDelivery(lab)
    lab.bucket.refuse(Number.POSITIVE_INFINITY)
    // More than a batch and a buffer of the first shard, so that no reader has come to its children yet.
    const texts = [...Array(4)].map((_, index) => String(index).repeat(900_000))
    for (const text of texts) await put(life, text)
    await reshard(life)
    await put(life, 'child ')
    await life.advance(60 * MINUTE_MS)
    await reshard(life)
    await put(life, 'grandchild ')
    await life.advance(20 * 60 * MINUTE_MS)
    // Ten hours more: its retention has taken all of that, and each of these shards is given back.
    for (let hour = 0; hour < 10; hour++) await life.advance(60 * MINUTE_MS)
    await reshard(life)
    await life.advance(DAY_MS + 60 * MINUTE_MS)
    let last = life
    if (restart) {
      await life.close()
      last = await lab.live()
    }
    lab.bucket.refuse(0)
    await last.advance(60 * MINUTE_MS)
    await put(last, 'last ')
    await last.advance(60 * MINUTE_MS)
    assert.deepEqual(lab.texts(), ['last '])
    const { gone } = await last.status()
    assert.deepEqual([gone?.records, gone?.uncounted], [texts.length + 2, undefined])
    assert.deepEqual(last.errors, [])
    await last.close()
  })

test('that records are about to expire is said of shards, too, that nobody has come to yet', async () => {
  const lab = createSourceLab()
  const life = await withDelivery(lab)
  lab.bucket.refuse(Number.POSITIVE_INFINITY)
  for (const text of ['a', 'b', 'c', 'd']) await put(life, text.repeat(900_000))
  await reshard(life)
  await life.advance(12 * 60 * MINUTE_MS)
  await put(life, 'child ')
  // What its parent had is gone by then.
  await life.advance(20 * 60 * MINUTE_MS)
  const said = life.problems.list().find(({ code }) => code === 'RecordsExpiring')
  assert.match(said?.what ?? '', /the first record would be lost in about 4 hours/)
  await life.close()
})

for (const [when, isBegun, restart] of [
  ['it goes on', false, false],
  ['it begins again', false, true],
  ['it goes on, behind a batch that it had begun', true, false],
  ['it begins again, behind a batch that it had begun', true, true],
] as const)
  test(`a stage that did not read while shards expired names what it missed of each when ${when}`, async () => {
    const lab = createSourceLab()
    const life = await withDelivery(lab, partitioned())
    lab.fill(isBegun)
    lab.forbid(!isBegun)
    await put(life, line('a', 1))
    await life.advance(1_000)
    lab.forbid(true)
    await reshard(life)
    await put(life, line('a', 2))
    await reshard(life)
    await put(life, line('a', 3))
    await reshard(life)
    await life.advance(DAY_MS + 60 * MINUTE_MS)
    const { Shards } = await life.kinesis<{ Shards: unknown[] }>('ListShards', { StreamName })
    assert.equal(Shards.length, 2)
    let last = life
    if (restart) {
      await life.close()
      last = await lab.live()
    }
    lab.fill(false)
    lab.forbid(false)
    await put(last, line('a', 4))
    await last.advance(60 * MINUTE_MS)
    assert.deepEqual(lab.texts(), [line('a', 4)])
    const { gone } = await last.status()
    assert.deepEqual([gone?.records, gone?.uncounted], [0, true])
    const noted = await lab.metadata.list<Gone>({ prefix: 'firehose/gone/' })
    assert.deepEqual(
      noted.map(({ key, value }) => [key.split('/').slice(-2).join('/'), value.logs?.toSorted()]),
      [['stage/unread', [0, 1, 3].map((index) => `shardId-00000000000${index}`)]],
    )
    assert.ok(last.errors.every((error) => isEngineError(error, 'StorageFull')))
    await last.close()
  })

for (const [when, restart] of [
  ['', false],
  [' and the server starts again', true],
] as const)
  test(`of shards that expire behind a backup that is away${when} each record is named as gone from it`, async () => {
    const lab = createSourceLab()
    const life = await withDelivery(lab, withBackup)
    lab.bucket.refuse((key) => key.startsWith('backup/'))
    const texts = [...Array(4)].map((_, index) => String(index).repeat(900_000))
    for (const text of texts) await put(life, text)
    await reshard(life)
    await put(life, 'child ')
    await life.advance(60 * MINUTE_MS)
    await reshard(life)
    await life.advance(DAY_MS + 60 * MINUTE_MS)
    let last = life
    if (restart) {
      await life.close()
      last = await lab.live()
    }
    assert.equal(lab.texts().join('').length, [...texts, 'child '].join('').length)
    lab.bucket.refuse(0)
    await put(last, 'last ')
    await last.advance(60 * MINUTE_MS)
    const backedUp = lab.bucket.list().filter(({ key }) => key.startsWith('backup/'))
    assert.deepEqual(backedUp.map(textOf), ['last '])
    const { gone } = await last.status()
    assert.deepEqual([gone?.records, gone?.uncounted], [texts.length + 1, undefined])
    assert.deepEqual(last.errors, [])
    await last.close()
  })
