import { decodeRecord, encodeRecord, type LogRecord } from '../../engine/record.ts'
import type { Origin } from './reading.ts'

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
export function originOf(entry: Uint8Array, partitionId: string): Origin | undefined {
  const { hashKey, partitionKey } = decodeRecord(entry)
  const [id, group, log] = JSON.parse(partitionKey) as [string, string, string]
  if (id !== partitionId) return undefined
  const bytes = Buffer.from(hashKey.buffer, hashKey.byteOffset, hashKey.length)
  return { group, log, position: Number(bytes.readBigUInt64BE()), part: bytes.readUInt32BE(8) }
}
