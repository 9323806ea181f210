import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Life, startLife } from '../crash/server-life.ts'
import { contentOf, versionOf } from '../load/questions.ts'
import { advance, bucketArn, deliver, RoleARN } from '../load/world.ts'

const BUCKET = 'lake'
const STREAM = 'stream'
/** Enough that a write-ahead log of 32 MiB becomes a segment. */
const FILLERS = 40
const FILLER_BYTES = 900_000
/** Kept inline, one piece, and more than one MiB. */
const OBJECT_BYTES = [200, 100_000, 2_500_000]

/** How far a write-ahead log goes is noted each second: what a loss inside the last one takes cannot be told. */
const NOTED_WITHIN_MS = 2000

/** Data folders that hold something of everything: one whose server was stopped, one whose server was killed. */
export interface Specimens {
  readonly stopped: string
  readonly killed: string
  /** What is to be read from both, by name: a digest, or for a shard one for each record. */
  readonly contents: ReadonlyMap<string, readonly string[]>
}

export interface SpecimenOptions {
  readonly folder: string
  readonly copy: (from: string, to: string) => void
  /** Without a segment, which takes 32 MiB of records. */
  readonly isSmall: boolean
}

export async function makeSpecimens({ folder, copy, isSmall }: SpecimenOptions): Promise<Specimens> {
  mkdirSync(folder, { recursive: true })
  const killed = join(folder, 'killed')
  const stopped = join(folder, 'stopped')
  const first = startLife(killed)
  let second: Life | undefined
  try {
    await first.ready
    await fill(first, isSmall ? 0 : FILLERS)
    const contents = await readContents(first)
    await first.kill()
    copy(killed, stopped)
    second = startLife(stopped)
    await second.ready
    await second.kill('SIGTERM')
    return { stopped, killed, contents: new Map([...contents].map(([name, { found }]) => [name, found])) }
  } finally {
    await first.kill()
    await second?.kill()
  }
}

async function fill(client: Life, fillers: number): Promise<void> {
  await client.ok(`/${BUCKET}`, { method: 'PUT' })
  for (const [index, size] of OBJECT_BYTES.entries())
    await client.ok(`/${BUCKET}/object-${index}`, {
      method: 'PUT',
      body: new Uint8Array(contentOf(versionOf(index, size))),
    })
  await client.call('kinesis', 'CreateStream', { StreamName: STREAM, ShardCount: 1 })
  await client.call('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'delivery',
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: bucketArn(BUCKET), Prefix: 'delivered/' },
  })
  await advance(client, '2s')
  const put = (size: number, number: number) =>
    client.call('kinesis', 'PutRecords', {
      StreamName: STREAM,
      Records: [{ PartitionKey: 'key', Data: contentOf(versionOf(number, size)).toString('base64') }],
    })
  for (let number = 0; number < fillers; number++) await put(FILLER_BYTES, number)
  for (let number = 0; number < 50; number++) await put(60 + number, FILLERS + number)
  const Records = Array.from({ length: 50 }, (_, number) => ({
    Data: contentOf(versionOf(number, 100)).toString('base64'),
  }))
  await client.call('firehose', 'PutRecordBatch', { DeliveryStreamName: 'delivery', Records })
  await deliver(client, 'delivery')
  await sleep(NOTED_WITHIN_MS)
}

/** What was read of one thing: digests of what there is, and what was wrong. */
export interface Reading {
  readonly found: string[]
  /** The server's own words, where it said that it cannot. */
  readonly refused?: string
}

/** Reads everything that the specimen holds. */
export async function readContents(client: Life): Promise<Map<string, Reading>> {
  const readings = new Map<string, Reading>()
  const read = async (name: string, work: () => Promise<string[]>) => {
    const reading = await work().then(
      (found): Reading => ({ found }),
      (error: Error): Reading => {
        if (error.name === 'TimeoutError') throw error
        return { found: [], refused: error.message }
      },
    )
    readings.set(name, reading)
  }
  for (const index of OBJECT_BYTES.keys())
    await read(`object ${index}`, () => objectDigest(client, `object-${index}`))
  await read('delivered objects', async () => {
    const listing = await client.ok(`/${BUCKET}?list-type=2&prefix=delivered/`)
    const keys = [...listing.matchAll(/<Key>([^<]+)</g)].map(([, key]) => key!)
    return (await Promise.all(keys.map((key) => objectDigest(client, key)))).flat()
  })
  await read('stream', () => describe(client, 'kinesis', 'DescribeStreamSummary', { StreamName: STREAM }))
  await read('delivery stream', () =>
    describe(client, 'firehose', 'DescribeDeliveryStream', { DeliveryStreamName: 'delivery' }),
  )
  await read('records', () => recordDigests(client))
  return readings
}

const digestOf = (bytes: Uint8Array | string): string => createHash('md5').update(bytes).digest('hex')

async function objectDigest(client: Life, key: string): Promise<string[]> {
  const answer = await client.fetch(`/${BUCKET}/${key}`, { signal: AbortSignal.timeout(PATIENCE_MS) })
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (!answer.ok) throw new Error(`${answer.status} ${bytes}`)
  return [digestOf(bytes)]
}

async function describe(
  client: Life,
  service: 'kinesis' | 'firehose',
  operation: string,
  input: object,
): Promise<string[]> {
  return [digestOf(JSON.stringify(await client.call(service, operation, input)))]
}

/** What takes longer hangs. */
export const PATIENCE_MS = 20_000
/** A shard is at its end long before. */
const MOST_READS = 500

async function recordDigests(client: Life): Promise<string[]> {
  const place = { StreamName: STREAM, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }
  let iterator = (await client.call<{ ShardIterator: string }>('kinesis', 'GetShardIterator', place))
    .ShardIterator
  const digests: string[] = []
  for (let reads = 0; reads < MOST_READS; reads++) {
    const answer = await client.call<{
      Records: { SequenceNumber: string; Data: string }[]
      NextShardIterator: string
      MillisBehindLatest: number
    }>('kinesis', 'GetRecords', { ShardIterator: iterator })
    digests.push(...answer.Records.map(({ SequenceNumber, Data }) => digestOf(SequenceNumber + Data)))
    if (answer.Records.length === 0 && answer.MillisBehindLatest === 0) return digests
    iterator = answer.NextShardIterator
  }
  const late = new Error('GetRecords never comes to the end')
  late.name = 'TimeoutError'
  throw late
}
