import { deserialize, serialize } from 'node:v8'
import { crc32 } from '@node-rs/crc32'

/**
 * Bytes as LMDB keeps them: `1 · CRC u32 · payload`. The CRC is of the payload, of the version that LMDB keeps beside it
 * (0 where it keeps none) and of the key, so that none of them can change unnoticed. The first byte tells them from
 * what data folders of version 1 hold.
 */
const CHECKED = 1
const CRC_AT = 1
/** What precedes the payload. */
const CHECKED_HEAD_BYTES = 5

/** Bytes for a payload of that many, in memory of their own. */
function checkedBytesFor(payloadBytes: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(CHECKED_HEAD_BYTES + payloadBytes)
  bytes[0] = CHECKED
  return bytes
}

const payloadOf = (bytes: Buffer): Buffer => bytes.subarray(CHECKED_HEAD_BYTES)

/** What `seal` needs to know of the payload; worked out where there is time for it. */
export const payloadCrcOf = (bytes: Buffer): number => crc32(payloadOf(bytes))

/** Makes them what is kept under the key. */
export function seal(bytes: Buffer, payloadCrc: number, key: Buffer, version = 0): Buffer {
  bytes.writeUInt32LE(crcOf(payloadCrc, key, version), CRC_AT)
  return bytes
}

/** Whether these are checked bytes at all. */
export const isChecked = (bytes: Buffer): boolean => bytes[0] === CHECKED

/** Whether they are what was written under this key. */
export const isSound = (bytes: Buffer, key: Buffer, version = 0): boolean =>
  bytes.length >= CHECKED_HEAD_BYTES &&
  isChecked(bytes) &&
  bytes.readUInt32LE(CRC_AT) === crcOf(payloadCrcOf(bytes), key, version)

const versionBytes = Buffer.alloc(8)

function crcOf(payloadCrc: number, key: Buffer, version: number): number {
  versionBytes.writeDoubleLE(version)
  return crc32(key, crc32(versionBytes, payloadCrc))
}

/** Precedes a document that is bytes alone; neither JSON begins with it nor v8's format, which begins with 0xff. */
const BYTES_ALONE = 0
const V8 = 0xff

/**
 * A document's value as checked bytes that are still to be sealed. Their payload: bytes alone as they are, plain values
 * as JSON, which costs a third of v8's format, and in that format whatever has bytes within.
 */
export function encodeDocument(value: unknown): Buffer {
  if (value instanceof Uint8Array) {
    const bytes = checkedBytesFor(1 + value.length)
    const payload = payloadOf(bytes)
    payload[0] = BYTES_ALONE
    payload.set(value, 1)
    return bytes
  }
  if (!isPlain(value)) return encodedAs(serialize(value))
  const text = JSON.stringify(value)
  const bytes = checkedBytesFor(Buffer.byteLength(text))
  payloadOf(bytes).write(text)
  return bytes
}

/** Of a payload that is there already. */
export function encodedAs(payload: Uint8Array): Buffer {
  const bytes = checkedBytesFor(payload.length)
  payloadOf(bytes).set(payload)
  return bytes
}

/** Whether a document is of plain values alone. */
export const isJson = (bytes: Buffer): boolean => {
  const kind = payloadOf(bytes)[0]
  return kind !== V8 && kind !== BYTES_ALONE
}

/** The value has nothing in common with `bytes`, so that they can be reused. */
export function decodeDocument(bytes: Buffer): unknown {
  const payload = payloadOf(bytes)
  if (isJson(bytes)) return JSON.parse(payload.toString())
  if (payload[0] === V8) return deserialize(Buffer.from(payload))
  const value = Buffer.allocUnsafeSlow(payload.length - 1)
  payload.copy(value, 0, 1)
  return value
}

/** Whether JSON gives back the very same value. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (Array.isArray(value)) return value.every(isPlain)
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return false
  for (const name in value) if (!isPlain((value as Record<string, unknown>)[name])) return false
  return true
}

/** Gives back a large document's memory once it is stored: the garbage collector would come late for it. */
export function releaseDocument({ buffer, length }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0)
}
