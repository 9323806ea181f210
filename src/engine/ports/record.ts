/**
 * A record as the bytes of one log entry, the same on every engine:
 *
 *     version u8 · flags u8 (1: to be encrypted where it is stored) · arrivalTime u48 (ms since 1970) · hashKey 16 bytes · partitionKey length u16 · partitionKey UTF-8 · data
 */
export interface LogRecord {
  /** AWS's ApproximateArrivalTimestamp, ms since 1970. */
  readonly arrivalTime: number
  /** 128 bits, big-endian; zeros in a Direct PUT delivery stream. */
  readonly hashKey: Uint8Array
  /** Empty in a Direct PUT delivery stream. */
  readonly partitionKey: string
  readonly data: Uint8Array
  /** It is, or was, encrypted where it is stored: the store does that (encrypted-logs.ts), this only marks it. */
  readonly encrypted?: boolean
}

const VERSION = 1
const ENCRYPTED = 1
const HEADER_BYTES = 26
export const NO_HASH_KEY = new Uint8Array(16)

/** Bytes that a record's frame adds to its data, at most. */
export const MAX_FRAME_BYTES = HEADER_BYTES + 1024

export function encodeRecord({ arrivalTime, hashKey, partitionKey, data, encrypted }: LogRecord): Uint8Array {
  const keyBytes = Buffer.byteLength(partitionKey)
  const entry = Buffer.allocUnsafe(HEADER_BYTES + keyBytes + data.length)
  entry[0] = VERSION
  entry[1] = encrypted ? ENCRYPTED : 0
  entry.writeUIntBE(arrivalTime, 2, 6)
  entry.set(hashKey, 8)
  entry.writeUInt16BE(keyBytes, 24)
  entry.write(partitionKey, HEADER_BYTES)
  entry.set(data, HEADER_BYTES + keyBytes)
  return entry
}

/** The record's data is a view into `entry`, not a copy. */
export function decodeRecord(entry: Uint8Array): LogRecord {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)
  if (bytes[0] !== VERSION) throw new Error(`a record's frame has the unknown version ${bytes[0]}`)
  const dataStart = HEADER_BYTES + bytes.readUInt16BE(24)
  return {
    arrivalTime: bytes.readUIntBE(2, 6),
    hashKey: bytes.subarray(8, 24),
    partitionKey: bytes.toString('utf8', HEADER_BYTES, dataStart),
    data: bytes.subarray(dataStart),
    ...(isEncrypted(entry) && { encrypted: true }),
  }
}

/** Whether the entry is marked so, without decoding it. */
export const isEncrypted = (entry: Uint8Array): boolean => ((entry[1] ?? 0) & ENCRYPTED) !== 0

/** What stands before the part of an entry that is encrypted: version, flags and arrival time. */
export const CLEAR_BYTES = 8

/** When the record arrived, ms since 1970, without decoding it. */
export const arrivalTimeOf = (entry: Uint8Array): number =>
  Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength).readUIntBE(2, 6)

/** Bytes of data in an entry, without decoding it. */
export const dataBytesOf = (entry: Uint8Array): number =>
  entry.length - HEADER_BYTES - ((entry[24]! << 8) | entry[25]!)
