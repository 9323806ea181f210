import { serializationException } from '../../service/exception.ts'
import { isNestedDeeper, MAX_JSON_DEPTH } from '../../service/json-depth.ts'
import type { Shape } from '../../service/shape.ts'
import type { Answer } from '../exchange/exchange.ts'
import { createDecoders, type Decode, refuse } from './json-decode.ts'
import { createPieces, jsonEncoderOf } from './json-encode.ts'

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
  parse(bytes) {
    if (isNestedDeeper(bytes, MAX_JSON_DEPTH)) throw new SyntaxError('nested too deeply')
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  },
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

/**
 * The bytes of a base64 text, or AWS's SerializationException. Node's decoder skips what it does not know, so the
 * length of what came out is what tells: only a text with an oddity is looked at character by character.
 */
function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0)
    throw invalid(text, `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`)
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== (text.length / 4) * 3 - padding || /[-_]/.test(text))
    throw invalid(text, strayIn(text))
  if (padding > 0 && !text.endsWith(bytes.subarray(-(bytes.length % 3)).toString('base64')))
    throw invalid(text, 'Invalid last non-pad Base64 character dectected')
  return bytes
}

const strayIn = (text: string) =>
  `Invalid Base64 character: '${/[^A-Za-z0-9+/=]|=(?!=?$)/.exec(text)?.[0] ?? '='}'`

const invalid = (text: string, why: string) =>
  serializationException(`'${text}' can not be converted to a Blob: ${why}`)
