import { serializationException } from '../../service/exception.ts'
import { isNestedDeeper, MAX_JSON_DEPTH } from '../../service/json-depth.ts'
import { freeBuffer } from '../../service/memory/free.ts'
import type { ListShape, MapShape, Shape, StructureShape } from '../../service/shape.ts'
import type { Pieces } from '../exchange.ts'
import { type BodyFormat, createDecoders, millisecondsOf, refuse } from './body-format.ts'

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
    const text = createText()
    jsonEncoderOf(shape)(value, text)
    return text.finish()
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

type Encode = (value: never, out: Text) => void
type AnyEncode = (value: unknown, out: Text) => void

const built = new WeakMap<Shape, AnyEncode>()

/** Writes a value as JSON, by its shape alone: members that the shape does not know are left out, undefined too. */
export function jsonEncoderOf(shape: Shape): AnyEncode {
  let encode = built.get(shape)
  if (!encode) {
    encode = build(shape) as AnyEncode
    built.set(shape, encode)
  }
  return encode
}

function build(shape: Shape): Encode {
  switch (shape.kind) {
    case 'structure':
      return structureEncoder(shape)
    case 'list':
      return listEncoder(shape)
    case 'map':
      return mapEncoder(shape)
    case 'blob':
      return (value: Uint8Array, out) => {
        out.write('"')
        out.writeBytes(value)
        out.write('"')
      }
    case 'timestamp':
      return timestampEncoder()
    case 'string':
      return (value: string, out) => out.write(JSON.stringify(value))
    case 'integer':
    case 'long':
    case 'double':
    case 'boolean':
      return (value: number | boolean, out) => out.write(String(value))
    default:
      throw new Error(`a ${shape.kind} cannot be a member of an answer in JSON`)
  }
}

/** Seconds. A double's shortest text of so many milliseconds has three decimals at most and no exponent. */
function timestampEncoder(): Encode {
  // Such a text takes its time, and what follows one another came together.
  let [last, text] = [0, '0']
  return (value: number, out) => {
    if (value !== last) [last, text] = [value, String(Math.round(value) / 1000)]
    out.write(text)
  }
}

function structureEncoder({ members }: StructureShape): Encode {
  const rows = Object.entries(members).map(
    ([name, shape]) =>
      [name, `{${JSON.stringify(name)}:`, `,${JSON.stringify(name)}:`, jsonEncoderOf(shape)] as const,
  )
  return (value: Record<string, unknown>, out) => {
    let isEmpty = true
    for (const [name, first, next, encode] of rows) {
      const member = value[name]
      if (member === undefined || member === null) continue
      out.write(isEmpty ? first : next)
      encode(member, out)
      isEmpty = false
    }
    out.write(isEmpty ? '{}' : '}')
  }
}

function listEncoder({ member }: ListShape): Encode {
  const encode = jsonEncoderOf(member)
  return (value: readonly unknown[], out) => {
    let mark = '['
    for (const item of value) {
      out.write(mark)
      encode(item, out)
      mark = ','
    }
    out.write(mark === '[' ? '[]' : ']')
  }
}

function mapEncoder(shape: MapShape): Encode {
  const encode = jsonEncoderOf(shape.value)
  return (value: Record<string, unknown>, out) => {
    let mark = '{'
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined || item === null) continue
      out.write(`${mark}${JSON.stringify(key)}:`)
      encode(item, out)
      mark = ','
    }
    out.write(mark === '{' ? '{}' : '}')
  }
}

const PIECE_BYTES = 256 * 1024
/** What is made text of at a time: whole triples, so that base64 goes on; a long text would fill the heap. */
const ENCODED_BYTES = (PIECE_BYTES / 4) * 3
/** A short text is cheaper to join than to copy. */
const SHORT_BYTES = 128

/** Text on its way to bytes: joined while it is short, written piece by piece into buffers when it is long. */
interface Text {
  write(text: string): void
  /** In base64. */
  writeBytes(bytes: Uint8Array): void
  /** One string if it stayed short. */
  finish(): string | Pieces
}

export function createText(): Text {
  const full: Uint8Array[] = []
  let piece: Buffer | undefined
  let at = 0
  let pending = ''

  const append = (text: string, encoding: 'utf8' | 'latin1') => {
    // UTF-8 takes three bytes at most for what is one character of JavaScript's.
    const mostBytes = encoding === 'utf8' ? text.length * 3 : text.length
    if (!piece || piece.length - at < mostBytes) {
      if (piece) full.push(piece.subarray(0, at))
      piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, mostBytes))
      at = 0
    }
    at += piece.write(text, at, encoding)
  }
  const flush = () => {
    append(pending, 'utf8')
    pending = ''
  }

  return {
    write(text) {
      pending += text
      if (pending.length >= PIECE_BYTES / 4) flush()
    },
    writeBytes(bytes) {
      const all = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      if (bytes.length <= SHORT_BYTES) return this.write(all.toString('base64'))
      flush()
      for (let start = 0; start < all.length; start += ENCODED_BYTES)
        append(all.toString('base64', start, start + ENCODED_BYTES), 'latin1')
    },
    finish() {
      if (!piece) return pending
      flush()
      return Object.assign([...full, piece.subarray(0, at)], { release: freeBuffer })
    },
  }
}
