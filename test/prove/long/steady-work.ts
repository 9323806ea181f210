import { randomBytes } from 'node:crypto'
import type { Seeded } from '../seeded.ts'
import type { Calls } from './calls.ts'
import { LAKE, RECORD_BYTES } from './pipeline.ts'

const Data = randomBytes(RECORD_BYTES).toString('base64')
const OBJECT = randomBytes(64 * 1_024)
const OBJECTS = 200
const BATCH = 20

/** A stream and a Direct PUT delivery stream that are worked on for a while, and what has come of it. */
export interface Site {
  readonly calls: Calls
  readonly random: Seeded
  readonly stream: string
  readonly direct: string
  /** Acts that are not answered yet. */
  underWay: number
  /** Records that were acknowledged. */
  readonly acknowledged: { stream: number; direct: number }
  /** Where the next read of a shard goes on. */
  readonly iterators: string[]
}

export type Act = 'PutRecord' | 'PutRecords' | 'PutRecordBatch' | 'GetRecords' | 'PutObject' | 'GetObject'

/** One act of many is `share` of them. */
const SHARES: readonly (readonly [act: Act, share: number])[] = [
  ['PutRecord', 0.4],
  ['PutRecords', 0.1],
  ['PutRecordBatch', 0.1],
  ['GetRecords', 0.1],
  ['PutObject', 0.15],
  ['GetObject', 0.15],
]

export function drawAct(random: Seeded): Act {
  let left = random.next()
  for (const [act, share] of SHARES) {
    left -= share
    if (left < 0) return act
  }
  return 'PutRecord'
}

const ACTS: Readonly<Record<Act, (site: Site) => Promise<unknown>>> = {
  async PutRecord(site) {
    const record = { StreamName: site.stream, PartitionKey: keyOf(site), Data }
    await site.calls.call('kinesis', 'PutRecord', record)
    site.acknowledged.stream += 1
  },
  async PutRecords(site) {
    const Records = Array.from({ length: BATCH }, () => ({ PartitionKey: keyOf(site), Data }))
    const input = { StreamName: site.stream, Records }
    const answer = await site.calls.call<{ FailedRecordCount: number }>('kinesis', 'PutRecords', input)
    tookBatch(site, 'stream', answer.FailedRecordCount)
  },
  async PutRecordBatch(site) {
    const Records = Array.from({ length: BATCH }, () => ({ Data }))
    const input = { DeliveryStreamName: site.direct, Records }
    const answer = await site.calls.call<{ FailedPutCount: number }>('firehose', 'PutRecordBatch', input)
    tookBatch(site, 'direct', answer.FailedPutCount)
  },
  async GetRecords(site) {
    const ShardIterator = site.iterators.shift()
    if (ShardIterator === undefined) return await lookAtShards(site)
    const { NextShardIterator } = await site.calls.call<{ NextShardIterator?: string }>(
      'kinesis',
      'GetRecords',
      { ShardIterator, Limit: 200 },
    )
    if (NextShardIterator !== undefined) site.iterators.push(NextShardIterator)
    else site.iterators.length = 0
  },
  PutObject: (site) => site.calls.send('PUT', objectOf(site), OBJECT),
  GetObject: (site) => site.calls.send('GET', objectOf(site)),
}

function tookBatch({ acknowledged }: Site, of: keyof Site['acknowledged'], failed: number): void {
  acknowledged[of] += BATCH - failed
  if (failed > 0) throw new Error(`${failed} records of a batch failed`)
}

/** Rejects when it was refused. */
export async function doAct(site: Site, act: Act): Promise<void> {
  site.underWay += 1
  try {
    await ACTS[act](site)
  } finally {
    site.underWay -= 1
  }
}

/** So that there is something to be read from the beginning. */
export async function putObjects(calls: Calls): Promise<void> {
  await calls.send('PUT', `/${LAKE}`)
  const put = (index: number) => calls.send('PUT', `/${LAKE}/objects/${index}`, OBJECT)
  await Promise.all(Array.from({ length: OBJECTS }, (_, index) => put(index)))
}

const keyOf = ({ random }: Site) => String(random.below(1_000))
const objectOf = ({ random }: Site) => `/${LAKE}/objects/${random.below(OBJECTS)}`

async function lookAtShards({ calls, stream: StreamName, iterators }: Site): Promise<void> {
  const { Shards } = await calls.call<{ Shards: { ShardId: string }[] }>('kinesis', 'ListShards', {
    StreamName,
    ShardFilter: { Type: 'AT_LATEST' },
  })
  const found = await Promise.all(
    Shards.map(({ ShardId }) =>
      calls.call<{ ShardIterator: string }>('kinesis', 'GetShardIterator', {
        StreamName,
        ShardId,
        ShardIteratorType: 'LATEST',
      }),
    ),
  )
  iterators.splice(0, Infinity, ...found.map(({ ShardIterator }) => ShardIterator))
}
