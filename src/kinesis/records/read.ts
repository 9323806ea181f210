import { hash } from 'node:crypto'
import type { Clock } from '../../clock/clock.ts'
import type { LogId, LogStore, Position, Slice } from '../../engine/ports/engine.ts'
import { arrivalTimeOf, readRecord } from '../../engine/ports/record.ts'
import type { Meters } from '../../metrics/meters.ts'
import { type Flight, unbounded } from '../../service/memory/flight.ts'
import { long, required, string, structure, timestamp } from '../../service/shape.ts'
import { bytesOfBase64, tokenOf, type Writing } from '../../service/token.ts'
import { answering } from '../exceptions/kinds.ts'
import {
  expiredIterator,
  foreignSequenceNumber,
  invalidSequenceNumber,
  invalidShardIterator,
  otherShardsSequenceNumber,
  sequenceNumberAtEnd,
  sequenceNumberMissing,
  sequenceNumberUnwanted,
  timestampInFuture,
  timestampMissing,
} from '../exceptions/records.ts'
import { shardNotFound } from '../exceptions/streams.ts'
import { admit, spend, type Throughput } from '../limits/shard-throughput.ts'
import { shardId, streamRefMembers } from '../shapes.ts'
import { parseEndingNumber, parseSequenceNumber, shardIndexIn } from '../shards/sequence-number.ts'
import { namedBy, type Shard, sequenceNumbersOf, shardIdOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { FoundStream } from '../streams/store.ts'
import { countRead } from '../usage.ts'

/** Where a request wants to begin to read. */
export interface StartingPosition {
  readonly type: 'AFTER_SEQUENCE_NUMBER' | 'AT_SEQUENCE_NUMBER' | 'AT_TIMESTAMP' | 'LATEST' | 'TRIM_HORIZON'
  readonly sequenceNumber?: string | undefined
  /** ms since 1970. */
  readonly timestamp?: number | undefined
}

/** What is asked for by whom, for the words of refusals. */
interface Reader {
  readonly operation: string
  readonly ref: StreamRef
  readonly shard: Shard
}

type Place = { readonly position: Position } | 'newest' | { readonly time: number }

/** Throws InvalidArgumentException when the members do not go together, or not with the shard. */
export function placeOf(
  { type, sequenceNumber, timestamp }: StartingPosition,
  reader: Reader,
  now: number,
): Place {
  switch (type) {
    case 'AT_TIMESTAMP':
      if (timestamp === undefined) throw timestampMissing()
      if (timestamp > now) throw timestampInFuture(timestamp, now)
      return { time: timestamp }
    case 'TRIM_HORIZON':
    case 'LATEST':
      if (sequenceNumber !== undefined) throw sequenceNumberUnwanted(type)
      // Reads leave out what is older than the retention, so 0 is the trim horizon at any time.
      return type === 'LATEST' ? 'newest' : { position: 0 }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      if (sequenceNumber === undefined) throw sequenceNumberMissing(type)
      const position = positionIn(reader, sequenceNumber)
      if (type === 'AT_SEQUENCE_NUMBER') return { position: position ?? reader.shard.closed!.position }
      if (position === undefined) throw sequenceNumberAtEnd(type)
      return { position: position + 1 }
    }
  }
}

/** Undefined: behind everything in a shard that is closed. */
function positionIn({ operation, ref, shard }: Reader, given: string): Position | undefined {
  const index = shardIndexIn(given)
  if (index === undefined) throw invalidSequenceNumber(operation, ref, shard.shardId, given)
  const encoded = shardIdOf(index)
  if (encoded !== shard.shardId) throw otherShardsSequenceNumber(shard.shardId, encoded)
  const number = parseSequenceNumber(given)
  const { shardCreatedSeconds } = number ?? parseEndingNumber(given) ?? {}
  const isOurs = shardCreatedSeconds === namedBy(shard).shardCreatedSeconds && (number || shard.closed)
  if (!isOurs) throw foreignSequenceNumber(operation, ref, shard.shardId, given)
  return number?.position
}

/** Rejects with ResourceNotFoundException when the stream went meanwhile. */
export function positionOf(
  { logs }: { readonly logs: LogStore },
  { ref, group }: FoundStream,
  { shardId: log }: Shard,
  at: Place,
): Promise<Position> | Position {
  if (at !== 'newest' && 'position' in at) return at.position
  const id = { group, log }
  const position = at === 'newest' ? logs.seek(id, at) : seekArrivalTime(logs, id, at.time)
  return position.catch(answering({ NoSuchGroup: () => shardNotFound(ref, log) }))
}

const SCAN = { entries: 100, bytes: 2 ** 20 }

/** The first record that arrived at or after `time` (ms since 1970), or where it will be. */
export async function seekArrivalTime(logs: LogStore, id: LogId, time: number): Promise<Position> {
  // The engine finds by the time of the append, which is never before the arrival: nothing is skipped, and what
  // arrived before `time` but was appended after it lies at the front.
  let from = await logs.seek(id, { time })
  for (;;) {
    const { entries, next, atTip } = await logs.read(id, from, SCAN)
    const found = entries.find(({ data }) => arrivalTimeOf(data) >= time)
    if (found) return found.position
    if (atTip) return next
    from = next
  }
}

/** The records of a piece of a shard's log, as AWS shows them: of encryption only where there is some. */
export function recordsOf(shard: Shard, { entries }: Pick<Slice, 'entries'>) {
  const numberAt = sequenceNumbersOf(shard)
  return entries.map(({ position, data: frame }) => {
    const { arrivalTime, partitionKey, data, encrypted } = readRecord(frame)
    return {
      SequenceNumber: numberAt(position, arrivalTime),
      ApproximateArrivalTimestamp: arrivalTime,
      Data: data,
      PartitionKey: partitionKey === '' ? undefined : partitionKey,
      ...(encrypted && { EncryptionType: 'KMS' as const }),
    }
  })
}

/** How far a reader is behind the end of the shard once it has these records, ms. */
export function millisBehind(
  { atTip }: Slice,
  records: readonly { readonly ApproximateArrivalTimestamp: number }[],
  now: number,
): number {
  const arrivedAt = records.at(-1)?.ApproximateArrivalTimestamp ?? now
  return atTip ? 0 : Math.max(0, Math.floor(now - arrivedAt))
}

const MAX_BYTES = 10 * 2 ** 20
/** Where there is little room, a reader gets so many bytes of records, and more the next time, as AWS does it. */
const LEAST_BYTES = 2 ** 20
/** What becomes of a byte of a record in an answer: base64, and what stands around it. */
const ANSWERED = 1.4

/** How many bytes of records there is room for. Rejects when there is none, see Flight. */
export async function roomToRead(flight: Flight = unbounded): Promise<number> {
  return Math.floor((await flight.take(MAX_BYTES * ANSWERED, LEAST_BYTES * ANSWERED)) / ANSWERED)
}

interface RecordRange {
  readonly from: Position
  readonly count: number
  readonly bytes?: number
}

/** What reading works with. */
interface Reading {
  readonly logs: LogStore
  readonly clock: Pick<Clock, 'now'>
  readonly meters: Meters
  readonly throughput: Throughput
}

/**
 * At most `count` records of a shard, and one or so many bytes of them, counted against its limit and for the bill. Rejects with
 * ProvisionedThroughputExceededException, or ResourceNotFoundException when the stream went meanwhile.
 */
export async function readRecords(
  reading: Reading,
  found: FoundStream,
  shard: Shard,
  { from, count, bytes = MAX_BYTES }: RecordRange,
) {
  const { logs, clock, meters } = reading
  const { shardId } = shard
  const used = { found, shardId }
  admit(reading, 'read', used)
  const slice = await logs
    .read({ group: found.group, log: shardId }, from, { entries: count, bytes })
    .catch(answering({ NoSuchGroup: () => shardNotFound(found.ref, shardId) }))
  spend(
    reading,
    'read',
    used,
    slice.entries.reduce((sum, { data }) => sum + data.length, 0),
  )
  const records = recordsOf(shard, slice)
  const now = clock.now()
  const behindMs = millisBehind(slice, records, now)
  countRead(meters, found, shardId, { records, behindMs, now })
  return { records, behindMs, slice, now }
}

/** Where a reader is. Everything is in the iterator itself: it survives a restart and works on every gateway. */
export interface ShardIterator extends StreamRef {
  readonly creationId: string
  readonly shardId: string
  readonly position: Position
}

/** With the moment when it was made. */
interface Said extends ShardIterator {
  readonly at: number
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFETIME_MS = 300_000

/** AWS's iterators begin so; what follows is 144 bytes or, in steps of 16, more. Ours: MD5 of the text, the text. */
const PREFIX = Buffer.from('0000000000000001', 'hex')
const TEXT_AT = PREFIX.length + 16
const MIN_TEXT_BYTES = 128

const writing: Writing = {
  write({ at, account, region, streamName, creationId, shardId, position }: Said) {
    const text = [at, account, region, streamName, creationId, shardId, position].join('/')
    const length = Math.max(MIN_TEXT_BYTES, Math.ceil(Buffer.byteLength(text) / 16) * 16)
    const padded = text.padEnd(length, ' ')
    return Buffer.concat([PREFIX, hash('md5', padded, 'buffer'), Buffer.from(padded)]).toString('base64')
  },
  read(text) {
    const [at, account, region, streamName, creationId, shardId, position] = partsOf(text)
    return { at: Number(at), account, region, streamName, creationId, shardId, position: Number(position) }
  },
}

const partsOf = (text: string): string[] =>
  Buffer.from(bytesOfBase64(text)).toString('utf8', TEXT_AT).trimEnd().split('/')

const token = tokenOf(
  structure({
    at: required(timestamp()),
    ...streamRefMembers,
    creationId: required(string({ min: 1, max: 64 })),
    shardId: required(shardId),
    position: required(long({ min: 0 })),
  }),
  writing,
)

export const formatShardIterator = (iterator: ShardIterator, now: number): string =>
  token.format({ ...iterator, at: now })

/**
 * Reads an iterator, also one in double quotes, as AWS does (a shell script's `jq` leaves them on).
 * Throws InvalidArgumentException, or ExpiredIteratorException when it is older than five minutes.
 */
export function parseShardIterator(given: string, now: number): ShardIterator {
  const said = token.parse(withoutQuotes(given))
  if (!said) throw invalidShardIterator()
  const { at, ...iterator } = said
  if (now - at > LIFETIME_MS) throw expiredIterator(at, now, LIFETIME_MS)
  return iterator
}

const withoutQuotes = (given: string): string => /^"(.*)"$/s.exec(given)?.[1] ?? given

/** The name of the stream in an iterator that was read already, for whoever needs no more of it. */
export const streamNameIn = (iterator: string): string => partsOf(withoutQuotes(iterator))[3] ?? ''
