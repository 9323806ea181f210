import type { Shape } from '../service/shape.ts'
import { decodeBase64 } from './base64.ts'
import type { Answer } from './exchange.ts'
import { createDecoders, type Decode, refuse } from './json-decode.ts'
import { jsonEncoderOf } from './json-encode.ts'
import { createPieces } from './pieces.ts'

/** A way to write a body of the AWS JSON protocol. */
export interface BodyFormat {
  /** Throws when the bytes are not well-formed. */
  parse(bytes: Uint8Array): unknown
  decoderOf(shape: Shape): Decode
  encode(shape: Shape, value: unknown): NonNullable<Answer['body']>
  /** Of an error, as plain strings. */
  print(value: Readonly<Record<string, string>>): string | Uint8Array
}

/** What a value that is no timestamp cannot be converted to, in AWS's words. */
const TO_MILLISECONDS = 'to milliseconds since epoch'
/** What there is at most of a time; of what lies beyond, this is taken. */
const MAX_TIME = 8.64e15

/** A moment in units of so many ms each → ms since 1970. */
export function millisecondsOf(value: unknown, unitMs: number): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return refuse(value, TO_MILLISECONDS)
  return Math.min(Math.max(Math.round(number * unitMs), -MAX_TIME), MAX_TIME)
}

export const jsonFormat: BodyFormat = {
  parse: (bytes) => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()),
  decoderOf: createDecoders({
    blob: (value) => (typeof value === 'string' ? decodeBase64(value) : refuse(value, 'to a Blob')),
    timestamp: (value) => millisecondsOf(value, 1_000),
  }),
  encode(shape, value) {
    const pieces = createPieces()
    jsonEncoderOf(shape)(value, pieces)
    return pieces.finish()
  },
  print: JSON.stringify,
}
