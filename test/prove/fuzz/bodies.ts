import type { Seeded } from '../seeded.ts'
import { BOTTOMLESS, BOTTOMLESS_LEVELS, RawText } from './odd-values.ts'

/** JSON of whatever there is, also of what JSON.stringify would not write: numbers without bounds, keys that come twice. */
export function jsonText(value: unknown, random: Seeded): string {
  if (value instanceof RawText) return value.text
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'))
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '1e999'
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item, random)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${jsonText(item, random)}`,
  )
  if (members.length > 0 && members[0]!.length < 1_000 && random.below(20) === 0)
    members.push(random.pick(members))
  return `{${members.join(',')}}`
}

const head = (major: number, length: number | bigint): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | Number(length)])
  if (length < 2 ** 32) {
    const bytes = Buffer.alloc(5)
    bytes[0] = (major << 5) | 26
    bytes.writeUInt32BE(Number(length), 1)
    return bytes
  }
  const bytes = Buffer.alloc(9)
  bytes[0] = (major << 5) | 27
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(length)), 1)
  return bytes
}

const wholeNumber = (value: bigint): Buffer => {
  const [major, size] = value < 0n ? [1, -1n - value] : [0, value]
  if (size < 2n ** 64n) return head(major, size)
  const hex = size.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([head(6, 2 + major), head(2, bytes.length), bytes])
}

/** CBOR of whatever there is; sometimes with lengths left open, strange tags, floats of each width, and keys twice. */
export function cborBytes(value: unknown, random: Seeded): Buffer {
  const isOdd = random.below(15) === 0
  if (isOdd && random.below(3) === 0)
    return Buffer.concat([head(6, random.pick([0, 1, 2, 4, 55_799, 2n ** 63n])), cborBytes(value, random)])
  if (value === BOTTOMLESS) return Buffer.concat([Buffer.alloc(BOTTOMLESS_LEVELS, 0x81), Buffer.from([0x80])])
  if (value instanceof RawText) return cborBytes(Number(value.text), random)
  if (typeof value === 'bigint') return wholeNumber(value)
  if (typeof value === 'number') return number(value, random)
  if (typeof value === 'string') return string(3, Buffer.from(value), isOdd)
  if (value instanceof Uint8Array) return string(2, Buffer.from(value), isOdd)
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (Array.isArray(value)) {
    const items = value.map((item) => cborBytes(item, random))
    return isOdd
      ? Buffer.concat([Buffer.from([0x9f]), ...items, Buffer.from([0xff])])
      : Buffer.concat([head(4, items.length), ...items])
  }
  if (typeof value !== 'object' || value === null) return Buffer.from([random.pick([0xf6, 0xf7])])
  const members = Object.entries(value).map(([key, item]) =>
    Buffer.concat([string(3, Buffer.from(key), isOdd), cborBytes(item, random)]),
  )
  if (members.length > 0 && members[0]!.length < 1_000 && isOdd) members.push(random.pick(members))
  return isOdd
    ? Buffer.concat([Buffer.from([0xbf]), ...members, Buffer.from([0xff])])
    : Buffer.concat([head(5, members.length), ...members])
}

function string(major: number, bytes: Buffer, isOdd: boolean): Buffer {
  const whole = Buffer.concat([head(major, bytes.length), bytes])
  return isOdd ? Buffer.concat([Buffer.from([(major << 5) | 31]), whole, Buffer.from([0xff])]) : whole
}

function number(value: number, random: Seeded): Buffer {
  if (Number.isSafeInteger(value) && random.below(4) > 0) return wholeNumber(BigInt(value))
  if (random.below(3) === 0 && !Number.isFinite(value))
    return Buffer.from([0xf9, Number.isNaN(value) ? 0x7e : value > 0 ? 0x7c : 0xfc, 0x00])
  const bytes = Buffer.alloc(9)
  bytes[0] = 0xfb
  bytes.writeDoubleBE(value, 1)
  return bytes
}

/** A body that broke on its way: cut, or with a byte that is another. */
export function damaged(bytes: Buffer, random: Seeded): Buffer {
  if (bytes.length === 0) return Buffer.from([random.below(256)])
  if (random.below(2) === 0) return bytes.subarray(0, random.below(bytes.length))
  const copy = Buffer.from(bytes)
  copy[random.below(copy.length)] = random.below(256)
  return copy
}

const escaped = (text: string) => text.replace(/[<&]/g, (character) => `&#${character.charCodeAt(0)};`)

/** A value as elements below one of that name. */
export function xmlText(name: string, value: unknown): string {
  if (value instanceof RawText) return `<${name}>${value.text}</${name}>`
  if (Array.isArray(value)) return value.map((item) => xmlText(name, item)).join('')
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    return `<${name}>${Object.entries(value)
      .map(([key, item]) => xmlText(/^\w+$/.test(key) ? key : 'odd', item))
      .join('')}</${name}>`
  return `<${name}>${escaped(String(value))}</${name}>`
}
