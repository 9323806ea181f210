import { deserialize, serialize } from 'node:v8'

/** Precedes a document that is bytes alone; what v8 serialises begins with 0xff. */
const BYTES_ALONE = Buffer.of(0)

/** A document's value as LMDB keeps it. Bytes alone are kept as they are: v8 would copy them twice. */
export const encodeDocument = (value: unknown): Buffer =>
  value instanceof Uint8Array ? Buffer.concat([BYTES_ALONE, value]) : serialize(value)

/** The value has nothing in common with `bytes`, so that they can be reused. */
export function decodeDocument(bytes: Buffer): unknown {
  if (bytes[0] !== BYTES_ALONE[0]) return deserialize(Buffer.from(bytes))
  const value = Buffer.allocUnsafeSlow(bytes.length - 1)
  bytes.copy(value, 0, 1)
  return value
}
