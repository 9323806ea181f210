import { isNestedDeeper, MAX_JSON_DEPTH } from '../service/json-depth.ts'
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
export const TO_MILLISECONDS = 'to milliseconds since epoch'

export const jsonFormat: BodyFormat = {
  parse(bytes) {
    if (isNestedDeeper(bytes, MAX_JSON_DEPTH)) throw new SyntaxError('nested too deeply')
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  },
  decoderOf: createDecoders({
    blob: (value) => (typeof value === 'string' ? decodeBase64(value) : refuse(value, 'to a Blob')),
    timestamp: (value) =>
      typeof value === 'number' ? Math.round(value * 1000) : refuse(value, TO_MILLISECONDS),
  }),
  encode(shape, value) {
    const pieces = createPieces()
    jsonEncoderOf(shape)(value, pieces)
    return pieces.finish()
  },
  print: JSON.stringify,
}
