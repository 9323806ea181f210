/**
 * A request's CBOR, as https://www.rfc-editor.org/rfc/rfc8949 has it. Whole numbers beyond 2^53 become a bigint. Throws for
 * what is not well-formed, and for what no request is: keys that are no text, or values within values without end.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  return createReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).value(0)
}

/** Tag 1: the moment that `value` says. */
export class EpochTime {
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

function createReader(bytes: Buffer) {
  let at = 0

  const malformed = (what: string) => new SyntaxError(`CBOR: ${what} at ${at}`)
  function advance(count: number): number {
    const start = at
    if (count > bytes.length - at) throw malformed('the end')
    at += count
    return start
  }
  /** The number that follows an item's first byte. */
  function argument(info: number): number | bigint {
    if (info < 24) return info
    if (info === 24) return bytes[advance(1)]!
    if (info === 25) return bytes.readUInt16BE(advance(2))
    if (info === 26) return bytes.readUInt32BE(advance(4))
    if (info === 27) return safe(bytes.readBigUInt64BE(advance(8)))
    throw malformed('a strange length')
  }
  function lengthOf(info: number): number {
    const length = argument(info)
    if (typeof length === 'bigint' || length > bytes.length - at) throw malformed('more than there is')
    return length
  }
  const isBroken = () => {
    if (at >= bytes.length) throw malformed('the end')
    if (bytes[at] !== BREAK) return false
    at += 1
    return true
  }

  /** A string of bytes or text, whole or in pieces. */
  function piece(major: number, info: number): Buffer {
    if (info !== INDEFINITE) {
      const length = lengthOf(info)
      return bytes.subarray(advance(length), at)
    }
    const pieces: Buffer[] = []
    while (!isBroken()) {
      const first = bytes[advance(1)]!
      if (first >> 5 !== major || (first & 31) === INDEFINITE) throw malformed('a strange piece')
      pieces.push(piece(major, first & 31))
    }
    return Buffer.concat(pieces)
  }
  function text(): string {
    const first = bytes[advance(1)]!
    if (first >> 5 !== 3) throw malformed('a key that is no text')
    return piece(3, first & 31).toString()
  }

  function list(info: number, depth: number): unknown[] {
    const items: unknown[] = []
    if (info === INDEFINITE) while (!isBroken()) items.push(value(depth))
    else for (let left = lengthOf(info); left > 0; left--) items.push(value(depth))
    return items
  }
  function map(info: number, depth: number): Record<string, unknown> {
    const members: Record<string, unknown> = {}
    const add = () => put(members, text(), value(depth))
    if (info === INDEFINITE) while (!isBroken()) add()
    else for (let left = lengthOf(info); left > 0; left--) add()
    return members
  }

  function tagged(tag: number | bigint, depth: number): unknown {
    const inner = value(depth)
    if (tag === TAG_EPOCH) return new EpochTime(inner)
    if (tag !== TAG_BIGNUM && tag !== TAG_NEGATIVE_BIGNUM) return inner
    if (!(inner instanceof Uint8Array) || inner.length > MAX_BIGNUM_BYTES) throw malformed('a strange bignum')
    const number = BigInt(`0x${Buffer.from(inner).toString('hex') || '0'}`)
    return safe(tag === TAG_BIGNUM ? number : -1n - number)
  }

  function simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21
    if (info === 22 || info === 23) return null
    if (info === 25) return halfFloat(bytes.readUInt16BE(advance(2)))
    if (info === 26) return bytes.readFloatBE(advance(4))
    if (info === 27) return bytes.readDoubleBE(advance(8))
    throw malformed('a strange value')
  }

  function value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw malformed('too deep a value')
    const first = bytes[advance(1)]!
    const info = first & 31
    switch (first >> 5) {
      case 0:
        return argument(info)
      case 1: {
        const number = argument(info)
        return typeof number === 'bigint' ? safe(-1n - number) : -1 - number
      }
      case 2:
        return piece(2, info)
      case 3:
        return piece(3, info).toString()
      case 4:
        return list(info, depth + 1)
      case 5:
        return map(info, depth + 1)
      case 6:
        return tagged(argument(info), depth + 1)
      default:
        return simple(info)
    }
  }
  return { value }
}

const safe = (number: bigint): number | bigint =>
  number >= Number.MIN_SAFE_INTEGER && number <= Number.MAX_SAFE_INTEGER ? Number(number) : number

/** As JSON.parse does it: the last of a key counts, and `__proto__` is a key as any other. */
function put(members: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') members[key] = value
  else Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true })
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
