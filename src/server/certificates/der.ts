/** ASN.1 in its distinguished encoding, as far as certificates need it (ITU-T X.690). */
export function encoded(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body])
}

/** The tag of what stands in `[number]`: primitive where its own is left out, else constructed. */
export const context = (number: number, kind: 'primitive' | 'constructed'): number =>
  (kind === 'constructed' ? 0xa0 : 0x80) + number

export const sequence = (...content: readonly Uint8Array[]): Buffer => encoded(0x30, ...content)
export const set = (...content: readonly Uint8Array[]): Buffer => encoded(0x31, ...content)
export const octets = (content: Uint8Array): Buffer => encoded(0x04, content)
export const utf8 = (text: string): Buffer => encoded(0x0c, Buffer.from(text))
export const yes = encoded(0x01, Buffer.from([0xff]))
export const nothing = encoded(0x05)

/** A whole number that is not negative, by its bytes; they do not begin with 0. */
export const integer = (bytes: Uint8Array): Buffer =>
  encoded(0x02, ...(bytes[0]! >= 0x80 ? [Buffer.from([0])] : []), bytes)

/** Whole bytes of bits, of which the last `unused` are none. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => encoded(0x03, Buffer.from([unused]), bytes)

/** `1.2.840.10045`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encoded(0x06, Buffer.from([40 * first + second, ...rest.flatMap(inSevens)]))
}

/** Years from 2050 on have four digits, those before two (RFC 5280, 4.1.2.5). */
export function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  return digits < '2050' ? encoded(0x17, Buffer.from(digits.slice(2))) : encoded(0x18, Buffer.from(digits))
}

/** What lies in a sequence, each with its tag. */
export function membersOf(der: Uint8Array): Buffer[] {
  const members: Buffer[] = []
  const { start, end } = contentOf(der, 0)
  for (let at = start; at < end; ) {
    const next = contentOf(der, at).end
    members.push(Buffer.from(der.subarray(at, next)))
    at = next
  }
  return members
}

/** What `bits` made: the bytes without how many of their last bits are none. */
export function bitsIn(der: Uint8Array): Buffer {
  const { start, end } = contentOf(der, 0)
  return Buffer.from(der.subarray(start + 1, end))
}

function contentOf(der: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0
  const more = first < 0x80 ? 0 : first - 0x80
  const length = more === 0 ? first : Buffer.from(der).readUIntBE(at + 2, more)
  const start = at + 2 + more
  return { start, end: start + length }
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return [0x80 + bytes.length, ...bytes]
}

function inSevens(number: number): number[] {
  const sevens = [number % 128]
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    sevens.unshift(128 + (rest % 128))
  return sevens
}
