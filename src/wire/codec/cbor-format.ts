import { cbor, tag } from '@smithy/core/cbor'
import type { Shape } from '../../service/shape.ts'
import { type BodyFormat, createDecoders, millisecondsOf, refuse } from './body-format.ts'

/** Timestamps are tag 1 with integer milliseconds, unlike those of the newer rpc-v2-cbor. */
export const cborFormat: BodyFormat = {
  parse: decodeCbor,
  decoderOf: createDecoders({
    blob: (value) => (value instanceof Uint8Array ? value : refuse(value, 'to a Blob')),
    timestamp: (value) => millisecondsOf(value instanceof EpochTime ? value.value : value, 1),
  }),
  encode: (shape, value) => cbor.serialize(cborEncoderOf(shape)(value)),
  print: cbor.serialize,
}

type Encode = (value: unknown) => unknown

const built = new WeakMap<Shape, Encode>()

/** A value as CBOR's encoder takes it, by its shape alone: what the shape does not know is left out. */
function cborEncoderOf(shape: Shape): Encode {
  let encode = built.get(shape)
  if (!encode) {
    encode = build(shape)
    built.set(shape, encode)
  }
  return encode
}

function build(shape: Shape): Encode {
  switch (shape.kind) {
    case 'structure': {
      const rows = Object.entries(shape.members).map(
        ([name, member]) => [name, cborEncoderOf(member)] as const,
      )
      return (value) => {
        const output: Record<string, unknown> = {}
        for (const [name, encode] of rows) {
          const member = (value as Record<string, unknown>)[name]
          if (member !== undefined && member !== null) output[name] = encode(member)
        }
        return output
      }
    }
    case 'list': {
      const encode = cborEncoderOf(shape.member)
      return (value) => (value as unknown[]).map(encode)
    }
    case 'map': {
      const encode = cborEncoderOf(shape.value)
      return (value) =>
        Object.fromEntries(
          Object.entries(value as object).flatMap(([key, item]) =>
            item == null ? [] : [[key, encode(item)]],
          ),
        )
    }
    case 'timestamp':
      return (value) => tag({ tag: 1, value: Math.round(value as number) })
    case 'eventStream':
    case 'stream':
      throw new Error(`a ${shape.kind} cannot be a member of an answer in CBOR`)
    default:
      return (value) => value
  }
}

/**
 * A request's CBOR, as https://www.rfc-editor.org/rfc/rfc8949 has it. Whole numbers beyond 2^53 become a bigint. Throws for
 * what is not well-formed, and for what no request is: keys that are no text, or values within values without end.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  return new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).value(0)
}

/** Tag 1: the moment that `value` says. */
class EpochTime {
  readonly #value: unknown
  constructor(value: unknown) {
    this.#value = value
  }
  get value(): unknown {
    return this.#value
  }
}

/** No request of AWS's nests deeper; a bound keeps the walk off the stack's end. */
const MAX_DEPTH = 64
const INDEFINITE = 31
const BREAK = 0xff
const TAG_EPOCH = 1
const TAG_BIGNUM = 2
const TAG_NEGATIVE_BIGNUM = 3
/** Longer ones are no number of anybody's, and take long to read. */
const MAX_BIGNUM_BYTES = 256

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#malformed('too deep a value')
    const first = this.#byte()
    const info = first & 31
    switch (first >> 5) {
      case 0:
        return this.#argument(info)
      case 1: {
        const number = this.#argument(info)
        return typeof number === 'bigint' ? safe(-1n - number) : -1 - number
      }
      case 2:
        return this.#piece(2, info)
      case 3:
        return this.#piece(3, info).toString()
      case 4:
        return this.#list(info, depth + 1)
      case 5:
        return this.#map(info, depth + 1)
      case 6:
        return this.#tagged(this.#argument(info), depth + 1)
      default:
        return this.#simple(info)
    }
  }

  #malformed(what: string): SyntaxError {
    return new SyntaxError(`CBOR: ${what} at ${this.#at}`)
  }

  /** Where the next bytes are, so many of them; they are read. */
  #advance(count: number): number {
    const start = this.#at
    if (count > this.#bytes.length - start) throw this.#malformed('the end')
    this.#at += count
    return start
  }

  #byte(): number {
    return this.#bytes[this.#advance(1)]!
  }

  /** The number that follows an item's first byte. */
  #argument(info: number): number | bigint {
    if (info < 24) return info
    if (info === 24) return this.#byte()
    if (info === 25) return this.#bytes.readUInt16BE(this.#advance(2))
    if (info === 26) return this.#bytes.readUInt32BE(this.#advance(4))
    if (info === 27) return safe(this.#bytes.readBigUInt64BE(this.#advance(8)))
    throw this.#malformed('a strange length')
  }

  #length(info: number): number {
    const length = this.#argument(info)
    if (typeof length === 'bigint' || length > this.#bytes.length - this.#at)
      throw this.#malformed('more than there is')
    return length
  }

  /** Whether what has no length is over. */
  #isBroken(): boolean {
    if (this.#at >= this.#bytes.length) throw this.#malformed('the end')
    if (this.#bytes[this.#at] !== BREAK) return false
    this.#at += 1
    return true
  }

  /** A string of bytes or text, whole or in pieces. */
  #piece(major: number, info: number): Buffer {
    if (info !== INDEFINITE) {
      const length = this.#length(info)
      return this.#bytes.subarray(this.#advance(length), this.#at)
    }
    const pieces: Buffer[] = []
    while (!this.#isBroken()) {
      const first = this.#byte()
      if (first >> 5 !== major || (first & 31) === INDEFINITE) throw this.#malformed('a strange piece')
      pieces.push(this.#piece(major, first & 31))
    }
    return Buffer.concat(pieces)
  }

  #list(info: number, depth: number): unknown[] {
    const items: unknown[] = []
    if (info === INDEFINITE) while (!this.#isBroken()) items.push(this.value(depth))
    else for (let left = this.#length(info); left > 0; left--) items.push(this.value(depth))
    return items
  }

  #map(info: number, depth: number): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    if (info === INDEFINITE) while (!this.#isBroken()) this.#member(members, depth)
    else for (let left = this.#length(info); left > 0; left--) this.#member(members, depth)
    return members
  }

  /** As JSON.parse does it: the last of a key counts, and `__proto__` is a key as any other. */
  #member(members: Record<string, unknown>, depth: number): void {
    const first = this.#byte()
    if (first >> 5 !== 3) throw this.#malformed('a key that is no text')
    const key = this.#piece(3, first & 31).toString()
    const value = this.value(depth)
    if (key !== '__proto__') members[key] = value
    else Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
  }

  #tagged(tag: number | bigint, depth: number): unknown {
    const inner = this.value(depth)
    if (tag === TAG_EPOCH) return new EpochTime(inner)
    if (tag !== TAG_BIGNUM && tag !== TAG_NEGATIVE_BIGNUM) return inner
    if (!(inner instanceof Uint8Array) || inner.length > MAX_BIGNUM_BYTES)
      throw this.#malformed('a strange bignum')
    const number = BigInt(`0x${Buffer.from(inner).toString('hex') || '0'}`)
    return safe(tag === TAG_BIGNUM ? number : -1n - number)
  }

  #simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21
    if (info === 22 || info === 23) return null
    if (info === 25) return halfFloat(this.#bytes.readUInt16BE(this.#advance(2)))
    if (info === 26) return this.#bytes.readFloatBE(this.#advance(4))
    if (info === 27) return this.#bytes.readDoubleBE(this.#advance(8))
    throw this.#malformed('a strange value')
  }
}

const safe = (number: bigint): number | bigint =>
  number >= Number.MIN_SAFE_INTEGER && number <= Number.MAX_SAFE_INTEGER ? Number(number) : number

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
