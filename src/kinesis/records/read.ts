import type { LogId, LogStore, Position, Slice } from '../../engine/ports/engine.ts'
import { decodeRecord } from '../../engine/ports/record.ts'
import { answering } from '../exceptions/kinds.ts'
import {
  foreignSequenceNumber,
  invalidSequenceNumber,
  otherShardsSequenceNumber,
  sequenceNumberMissing,
  sequenceNumberUnwanted,
  timestampInFuture,
  timestampMissing,
} from '../exceptions/records.ts'
import { shardNotFound } from '../exceptions/streams.ts'
import { parseSequenceNumber } from '../shards/sequence-number.ts'
import { type Shard, sequenceNumbersOf, shardIdOf } from '../shards/shard.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { FoundStream } from '../streams/store.ts'

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
      return { position: type === 'AT_SEQUENCE_NUMBER' ? position : position + 1 }
    }
  }
}

function positionIn({ operation, ref, shard }: Reader, given: string): Position {
  const number = parseSequenceNumber(given)
  if (!number) throw invalidSequenceNumber(operation, ref, shard.shardId, given)
  const encoded = shardIdOf(number.shardIndex)
  if (encoded !== shard.shardId) throw otherShardsSequenceNumber(shard.shardId, encoded)
  if (number.shardCreatedSeconds !== Math.floor(shard.createdAt / 1_000))
    throw foreignSequenceNumber(operation, ref, shard.shardId, given)
  return number.position
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
    const found = entries.find(({ data }) => decodeRecord(data).arrivalTime >= time)
    if (found) return found.position
    if (atTip) return next
    from = next
  }
}

/** The records of a piece of a shard's log, as AWS shows them: of encryption only where there is some. */
export function recordsOf(shard: Shard, { entries }: Pick<Slice, 'entries'>) {
  const numberAt = sequenceNumbersOf(shard)
  return entries.map(({ position, data: frame }) => {
    const { arrivalTime, partitionKey, data, encrypted } = decodeRecord(frame)
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
