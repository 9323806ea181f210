import { deserialize, serialize } from 'node:v8'
import { checkedBytesFor, payloadOf } from './checked-bytes.ts'

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
