import type { LogId, Position } from '../../engine/ports/engine.ts'
import { dataBytesOf, decodeRecord, encodeRecord, type LogRecord } from '../../engine/ports/record.ts'
import { deAggregate, looksAggregated } from '../../kpl/aggregated-record.ts'
import type { Origin } from './log-range.ts'

/** What one entry of an outlet's log gives to its object. */
export interface Reading {
  /** Undefined: it is not for this outlet. */
  originOf(entry: Uint8Array, own: LogId, position: Position): Origin | undefined
  /** Of data, before delimiters and compression. */
  bytesOf(entry: Uint8Array): number
  partsOf(entry: Uint8Array): readonly Uint8Array[]
}

/** The source's records themselves. */
const direct = (isDeAggregated: boolean): Reading => ({
  originOf: (_entry, { group, log }, position) => ({ group, log, position, part: 0 }),
  bytesOf(entry) {
    const bytes = dataBytesOf(entry)
    if (!isDeAggregated || !looksAggregated(entry.subarray(entry.length - bytes))) return bytes
    return partsOf(entry, true).reduce((sum, { length }) => sum + length, 0)
  },
  partsOf: (entry) => partsOf(entry, isDeAggregated),
})

const partsOf = (entry: Uint8Array, isDeAggregated: boolean): readonly Uint8Array[] => {
  const { data } = decodeRecord(entry)
  return isDeAggregated ? deAggregate(data) : [data]
}

/** What a stage put into an outlet's log. */
const staged = (partitionId: string): Reading => ({
  originOf: (entry) => originOf(entry, partitionId),
  bytesOf: dataBytesOf,
  partsOf: (entry) => [decodeRecord(entry).data],
})

interface LogOfOutlet {
  /** Absent where the source itself is read. */
  readonly log?: LogId
  readonly partition?: { readonly id: string }
}

export const readingOf = ({ log, partition }: LogOfOutlet, isDeAggregated: boolean): Reading =>
  log ? staged(partition?.id ?? '') : direct(isDeAggregated)

/**
 * A record between stage and outlet, in the frame that all records have: the hash key holds the position in the
 * source and the part, the partition key says which dynamic partition it is for and the source's log.
 */
export function encodeStaged(
  origin: Origin,
  partitionId: string,
  record: Pick<LogRecord, 'arrivalTime' | 'data' | 'encrypted'>,
): Uint8Array {
  const hashKey = Buffer.alloc(16)
  hashKey.writeBigUInt64BE(BigInt(origin.position))
  hashKey.writeUInt32BE(origin.part, 8)
  const partitionKey = JSON.stringify([partitionId, origin.group, origin.log])
  const { arrivalTime, data, encrypted = false } = record
  return encodeRecord({ arrivalTime, hashKey, partitionKey, data, encrypted })
}

/** Undefined when the record was meant for another partition. */
function originOf(entry: Uint8Array, partitionId: string): Origin | undefined {
  const { hashKey, partitionKey } = decodeRecord(entry)
  const [id, group, log] = JSON.parse(partitionKey) as [string, string, string]
  if (id !== partitionId) return undefined
  const bytes = Buffer.from(hashKey.buffer, hashKey.byteOffset, hashKey.length)
  return { group, log, position: Number(bytes.readBigUInt64BE()), part: bytes.readUInt32BE(8) }
}
