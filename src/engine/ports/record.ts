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

export const encodeRecord = (record: LogRecord): Uint8Array => encodeRecords([record], record).entries[0]!

type ArrivedTogether = Pick<LogRecord, 'arrivalTime' | 'encrypted'>
type OfEach = Omit<LogRecord, keyof ArrivedTogether>

/** Many of them, as views into one buffer, which is nobody else's. */
export function encodeRecords(
  records: readonly OfEach[],
  together: ArrivedTogether,
): { readonly entries: readonly Uint8Array[]; readonly whole: Uint8Array } {
  const whole = Buffer.allocUnsafe(records.reduce((sum, record) => sum + sizeOf(record), 0))
  let end = 0
  const entries = records.map((record) => {
    const start = end
    end = writeRecord(whole, start, record, together)
    return whole.subarray(start, end)
  })
  return { entries, whole }
}

const sizeOf = ({ partitionKey, data }: OfEach) =>
  HEADER_BYTES + Buffer.byteLength(partitionKey) + data.length

/** Returns where it ends. */
function writeRecord(
  into: Buffer,
  at: number,
  { hashKey, partitionKey, data }: OfEach,
  { arrivalTime, encrypted }: ArrivedTogether,
): number {
  into[at] = VERSION
  into[at + 1] = encrypted ? ENCRYPTED : 0
  into.writeUIntBE(arrivalTime, at + 2, 6)
  into.set(hashKey, at + 8)
  const keyBytes = into.write(partitionKey, at + HEADER_BYTES)
  into.writeUInt16BE(keyBytes, at + 24)
  const dataAt = at + HEADER_BYTES + keyBytes
  into.set(data, dataAt)
  return dataAt + data.length
}

/** The record's data is a view into `entry`, not a copy. */
export function decodeRecord(entry: Uint8Array): LogRecord {
  return { ...readRecord(entry), hashKey: entry.subarray(8, 24) }
}

/** The same without its hash key, for who reads many. */
export function readRecord(entry: Uint8Array): Omit<LogRecord, 'hashKey'> {
  const bytes =
    entry instanceof Buffer ? entry : Buffer.from(entry.buffer, entry.byteOffset, entry.byteLength)
  if (bytes[0] !== VERSION) throw new Error(`a record's frame has the unknown version ${bytes[0]}`)
  const dataStart = HEADER_BYTES + bytes.readUInt16BE(24)
  return {
    arrivalTime: bytes.readUIntBE(2, 6),
    partitionKey: bytes.toString('utf8', HEADER_BYTES, dataStart),
    data: bytes.subarray(dataStart),
    encrypted: isEncrypted(entry),
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
