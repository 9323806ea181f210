import { deserialize, serialize } from 'node:v8'

/** Precedes a document that is bytes alone; neither JSON begins with it nor v8's format, which begins with 0xff. */
const BYTES_ALONE = 0
const V8 = 0xff

/**
 * A document's value as LMDB keeps it: bytes alone as they are, plain values as JSON, which costs a third of v8's
 * format, and in that format whatever has bytes within.
 */
export function encodeDocument(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(BYTES_ALONE), value])
  return isPlain(value) ? Buffer.from(JSON.stringify(value)) : serialize(value)
}

/** Whether a document is of plain values alone. */
export const isJson = (bytes: Buffer): boolean => bytes[0] !== V8 && bytes[0] !== BYTES_ALONE

/** The value has nothing in common with `bytes`, so that they can be reused. */
export function decodeDocument(bytes: Buffer): unknown {
  if (isJson(bytes)) return JSON.parse(bytes.toString())
  if (bytes[0] === V8) return deserialize(Buffer.from(bytes))
  const value = Buffer.allocUnsafeSlow(bytes.length - 1)
  bytes.copy(value, 0, 1)
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
