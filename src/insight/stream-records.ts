import { createHash } from 'node:crypto'
import type { RecordsWanted, Scope } from '../api/ports.ts'
import type { RecordPage, RecordView, ShardView } from '../api/views.ts'
import { decodeRecord, type LogRecord } from '../engine/ports/record.ts'
import type { Kinesis } from '../kinesis/kinesis.ts'
import { seekArrivalTime } from '../kinesis/records/read.ts'
import { parseSequenceNumber } from '../kinesis/shards/sequence-number.ts'
import { parentsOf, type Shard, sequenceNumbersOf, shardIdOf, shardIndexOf } from '../kinesis/shards/shard.ts'
import type { FoundStream } from '../kinesis/streams/store.ts'
import { visibleShardsOf } from '../kinesis/streams/stream.ts'
import { type UserRecord, userRecordsOf } from '../kpl/aggregated-record.ts'
import { ServiceException } from '../service/exception.ts'
import { integer, list, long, required, structure } from '../service/shape.ts'
import { tokenOf } from '../service/token.ts'

/** One page's bytes, however many shards there are. */
const PAGE_BYTES = 4 * 2 ** 20
const MIN_SHARD_BYTES = 64 * 1024
/** Keys and numbers of a record in a record, as JSON. */
const BESIDE_BYTES = 250

export async function shardsOf(kinesis: Kinesis, scope: Scope, streamName: string): Promise<ShardView[]> {
  const { stream } = await kinesis.streams.get({ ...scope, streamName })
  return visibleShardsOf(stream, kinesis.clock.now()).map((shard) => ({
    shardId: shard.shardId,
    hashKeyRange: shard.hashKeyRange,
    createdAt: shard.createdAt,
    parents: parentsOf(shard),
    ...(shard.closed && { closedAt: shard.closed.at }),
  }))
}

/** Reads the logs themselves: no iterator, no consumer, nothing counted and nothing throttled. */
export async function recordsOf(
  kinesis: Kinesis,
  scope: Scope,
  streamName: string,
  { shardId, from, limit, raw }: RecordsWanted,
): Promise<RecordPage> {
  const found = await kinesis.streams.get({ ...scope, streamName })
  const shards = visibleShardsOf(found.stream, kinesis.clock.now()).filter(
    (shard) => shardId === undefined || shard.shardId === shardId,
  )
  const bytes = Math.max(MIN_SHARD_BYTES, Math.floor(PAGE_BYTES / Math.max(1, shards.length)))
  const starts = startsOf(kinesis, found, from)
  const slices = await Promise.all(
    shards.map(async (shard) => {
      const id = { group: found.group, log: shard.shardId }
      const start = await starts(shard)
      const slice = await kinesis.logs.read(id, start, { entries: limit, bytes })
      const records = slice.entries.map(({ position, data }) =>
        readRecord(shard, position, data, raw === true),
      )
      return { id: shard.shardId, records, next: slice.next, atTip: slice.atTip || slice.sealed }
    }),
  )
  // Each shard gives a record, however large, and a text is made of those that are shown.
  const page = mergePages(slices, limit, weightOf)
  return { records: page.records.flatMap(viewsOf), next: formatNext(page.next), atTip: page.atTip }
}

interface ReadRecord {
  readonly shard: Shard
  readonly position: number
  readonly record: LogRecord
  /** Where the KPL has put several together. */
  readonly users: readonly UserRecord[] | undefined
}

function readRecord(shard: Shard, position: number, frame: Uint8Array, isRaw: boolean): ReadRecord {
  const record = decodeRecord(frame)
  return { shard, position, record, users: isRaw ? undefined : userRecordsOf(record.data) }
}

/** What a page is filled with by a record: each that is inside is one, with what is said beside its data. */
const weightOf = ({ record, users }: ReadRecord) => ({
  records: users?.length ?? 1,
  bytes: record.data.length + BESIDE_BYTES * (users?.length ?? 0),
})

function viewsOf({ shard, position, record, users }: ReadRecord): RecordView[] {
  const { arrivalTime, partitionKey, hashKey, data } = record
  const shared = {
    shardId: shard.shardId,
    sequenceNumber: sequenceNumbersOf(shard)(position, arrivalTime),
    ...{ position, arrivedAt: arrivalTime },
  }
  if (!users) return [{ ...shared, partitionKey, hashKey: decimal(hashKey), data: base64(data) }]
  return users.map((user, subSequenceNumber) => ({
    ...{ ...shared, subSequenceNumber, partitionKey: user.partitionKey },
    hashKey: user.explicitHashKey ?? decimal(createHash('md5').update(user.partitionKey).digest()),
    data: base64(user.data),
  }))
}

const decimal = (hashKey: Uint8Array) => BigInt(`0x${Buffer.from(hashKey).toString('hex')}`).toString()
const base64 = (data: Uint8Array) => Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64')

/** Where to begin in each shard. */
function startsOf({ logs }: Kinesis, { group }: FoundStream, from: RecordsWanted['from']) {
  const next = 'next' in from ? parseNext(from.next) : new Map<string, number>()
  return async ({ shardId: log }: Shard): Promise<number> => {
    if ('at' in from) return await logs.seek({ group, log }, from.at)
    if ('time' in from) return await seekArrivalTime(logs, { group, log }, from.time)
    // A shard that was not there when the former page was read began after it.
    if ('next' in from) return next.get(log) ?? 0
    return 'position' in from ? from.position : placeOf(from)
  }
}

function placeOf({ sequenceNumber, behind }: { sequenceNumber: string; behind: boolean }): number {
  const parsed = parseSequenceNumber(sequenceNumber)
  if (!parsed)
    throw new ServiceException('BadRequest', `${sequenceNumber} is no sequence number of this server.`)
  return parsed.position + (behind ? 1 : 0)
}

/** `7.1f3k,8.0`: for each shard, by its number, where to go on, in base 36. */
const nextToken = tokenOf(
  list(structure({ shard: required(integer({ min: 0 })), position: required(long({ min: 0 })) })),
  {
    write: (places: readonly { shard: number; position: number }[]) =>
      places.map(({ shard, position }) => `${shard}.${position.toString(36)}`).join(','),
    read: (text) =>
      text.split(',').flatMap((part) => {
        const [shard = '', position = ''] = part.split('.')
        return part === '' ? [] : [{ shard: Number(shard), position: Number.parseInt(position, 36) }]
      }),
  },
)

const formatNext = (next: ReadonlyMap<string, number>): string =>
  nextToken.format([...next].map(([shardId, position]) => ({ shard: shardIndexOf(shardId)!, position })))

function parseNext(text: string): Map<string, number> {
  const places = nextToken.parse(text)
  if (!places) throw new ServiceException('BadRequest', 'next is what a former page answered.')
  return new Map(places.map(({ shard, position }) => [shardIdOf(shard), position]))
}

interface Positioned {
  readonly position: number
}

/** What was read of one shard. */
interface ShardSlice<R extends Positioned> {
  readonly id: string
  readonly records: readonly R[]
  readonly next: number
  readonly atTip: boolean
}

/**
 * One page of several shards in the order in which their records were appended. A shard that has more than was read
 * holds the others back: nothing is shown before what lies in front of it. At most `limit` records and a page's bytes,
 * or one, however many are inside.
 */
export function mergePages<R extends Positioned>(
  slices: readonly ShardSlice<R>[],
  limit: number,
  weightOf: (record: R) => { readonly records: number; readonly bytes: number } = () => ({
    records: 1,
    bytes: 0,
  }),
): { records: R[]; next: Map<string, number>; atTip: boolean } {
  const horizon = Math.min(Infinity, ...slices.filter(({ atTip }) => !atTip).map(({ next }) => next))
  const ordered = slices
    .flatMap((slice) => slice.records)
    .filter(({ position }) => position < horizon)
    .sort((a, b) => a.position - b.position)
    .slice(0, limit)
  let [count, bytes] = [0, 0]
  const records = ordered.filter((record, index) => {
    const weight = weightOf(record)
    count += weight.records
    bytes += weight.bytes
    return index === 0 || (count <= limit && bytes <= PAGE_BYTES)
  })
  const end = records.at(-1)?.position ?? -1
  const next = new Map(
    slices.map((slice) => [
      slice.id,
      slice.records.find(({ position }) => position > end)?.position ?? slice.next,
    ]),
  )
  const shown = slices.every(({ atTip, records: read }) => atTip && (read.at(-1)?.position ?? -1) <= end)
  return { records, next, atTip: shown }
}
