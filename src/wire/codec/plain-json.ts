import type { ListShape, Shape, StructureShape } from '../../service/shape.ts'

/**
 * Reads a body in the form that SDKs send, straight from its bytes: strings of printable ASCII without escapes, base64
 * without oddities, lists and structures, each member once and none that the shape does not know. Neither the text of a
 * blob nor an object of JSON.parse's is made for it. Whatever is not so, be it right or wrong, is NOT_PLAIN and read the
 * general way (json-format.ts), which alone says what is wrong: what is read here is what it would read.
 */
export const NOT_PLAIN = Symbol('not plain')

/** What was read, its blobs being views into `blobs`, which is nobody else's; undefined when it is not plain. */
export interface Plain {
  readonly input: unknown
  readonly blobs: Buffer
}

/** A body, and how far it is read. */
interface Scan {
  readonly bytes: Buffer
  at: number
  readonly blobs: Buffer
  blobsEnd: number
}

type Read = (scan: Scan) => unknown

const [TAB, LINE_FEED, RETURN, SPACE, TILDE] = [9, 10, 13, 32, 126]
const [QUOTE, COMMA, COLON, EQUALS, BACKSLASH] = [34, 44, 58, 61, 92]
const [OPEN_LIST, CLOSE_LIST, OPEN_STRUCTURE, CLOSE_STRUCTURE] = [91, 93, 123, 125]

/** Undefined for a shape without blobs: what is small is read as well the general way. */
export function plainReaderOf(shape: StructureShape): ((body: Uint8Array) => Plain | undefined) | undefined {
  const known = readers.get(shape)
  if (known) return known.read
  const read = holdsBlob(shape) ? wholeReader(readerOf(shape)) : undefined
  readers.set(shape, { read })
  return read
}

const readers = new WeakMap<StructureShape, { readonly read: ReturnType<typeof wholeReader> | undefined }>()

const holdsBlob = (shape: Shape): boolean =>
  shape.kind === 'structure'
    ? Object.values(shape.members).some(holdsBlob)
    : shape.kind === 'list'
      ? holdsBlob(shape.member)
      : shape.kind === 'blob'

const wholeReader =
  (read: Read) =>
  ({ buffer, byteOffset, length }: Uint8Array): Plain | undefined => {
    const bytes = Buffer.from(buffer, byteOffset, length)
    const scan: Scan = { bytes, at: 0, blobs: Buffer.allocUnsafe(blobBytesIn(length)), blobsEnd: 0 }
    skipSpace(scan)
    const input = read(scan)
    if (input === NOT_PLAIN) return undefined
    skipSpace(scan)
    return scan.at === length ? { input, blobs: scan.blobs } : undefined
  }

/** At most, of base64. */
const blobBytesIn = (bodyBytes: number) => Math.ceil(bodyBytes / 4) * 3

function readerOf(shape: Shape): Read {
  switch (shape.kind) {
    case 'structure':
      return structureReader(shape)
    case 'list':
      return listReader(shape)
    case 'string':
      return readString
    case 'blob':
      return readBlob
    default:
      return () => NOT_PLAIN
  }
}

function structureReader({ members }: StructureShape): Read {
  const rows = Object.entries(members).map(
    ([name, shape]) => [name, Buffer.from(`"${name}"`), readerOf(shape)] as const,
  )
  return (scan) => {
    if (!take(scan, OPEN_STRUCTURE)) return NOT_PLAIN
    const values: unknown[] = new Array(rows.length)
    let row = -1
    if (!take(scan, CLOSE_STRUCTURE))
      do {
        row = rowAt(rows, scan, row + 1)
        if (row < 0 || values[row] !== undefined || !take(scan, COLON)) return NOT_PLAIN
        const value = rows[row]![2](scan)
        if (value === NOT_PLAIN) return NOT_PLAIN
        skipSpace(scan)
        values[row] = value
      } while (take(scan, COMMA))
    if (row >= 0 && !take(scan, CLOSE_STRUCTURE)) return NOT_PLAIN
    // In the order of the shape's members, as the general way has them.
    const output: Record<string, unknown> = {}
    for (let index = 0; index < rows.length; index++)
      if (values[index] !== undefined) output[rows[index]![0]] = values[index]
    return output
  }
}

/** The member whose name is next, behind which the scan goes on; most often the one that follows the last. -1: none. */
function rowAt(rows: readonly (readonly [string, Buffer, Read])[], scan: Scan, likely: number): number {
  for (let tried = 0; tried < rows.length; tried++) {
    const row = (likely + tried) % rows.length
    const name = rows[row]![1]
    if (!startsWith(scan, name)) continue
    scan.at += name.length
    skipSpace(scan)
    return row
  }
  return -1
}

function startsWith({ bytes, at }: Scan, name: Buffer): boolean {
  for (let index = 0; index < name.length; index++) if (bytes[at + index] !== name[index]) return false
  return true
}

function listReader({ member }: ListShape): Read {
  const read = readerOf(member)
  return (scan) => {
    if (!take(scan, OPEN_LIST)) return NOT_PLAIN
    const items: unknown[] = []
    if (take(scan, CLOSE_LIST)) return items
    do {
      const item = read(scan)
      if (item === NOT_PLAIN) return NOT_PLAIN
      items.push(item)
      skipSpace(scan)
    } while (take(scan, COMMA))
    return take(scan, CLOSE_LIST) ? items : NOT_PLAIN
  }
}

/** Goes on behind that byte and the space after it, if it is next. */
function take(scan: Scan, byte: number): boolean {
  if (scan.bytes[scan.at] !== byte) return false
  scan.at++
  // A list's or structure's end is its reader's, who skips what follows.
  if (byte !== CLOSE_LIST && byte !== CLOSE_STRUCTURE) skipSpace(scan)
  return true
}

function skipSpace(scan: Scan): void {
  const { bytes } = scan
  for (;;) {
    const byte = bytes[scan.at]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB) return
    scan.at++
  }
}

function readString(scan: Scan): unknown {
  const { bytes } = scan
  const start = scan.at + 1
  if (bytes[start - 1] !== QUOTE) return NOT_PLAIN
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      scan.at = at + 1
      return bytes.toString('latin1', start, at)
    }
    if (byte === undefined || byte < SPACE || byte > TILDE || byte === BACKSLASH) return NOT_PLAIN
  }
}

/**
 * Node's decoder skips what is no base64: it gives fewer bytes then. It takes the alphabet of URLs, too, which is looked
 * for; and bits behind the last byte, of which padding alone says that there are some.
 */
function readBlob(scan: Scan): unknown {
  const { bytes, blobs } = scan
  const start = scan.at + 1
  const end = bytes[start - 1] === QUOTE ? bytes.indexOf(QUOTE, start) : -1
  if (end < 0 || (end - start) % 4 !== 0) return NOT_PLAIN
  const padding = bytes[end - 1] !== EQUALS || end === start ? 0 : bytes[end - 2] === EQUALS ? 2 : 1
  const size = ((end - start) / 4) * 3 - padding
  const text = bytes.toString('latin1', start, end)
  const written = blobs.write(text, scan.blobsEnd, size, 'base64')
  if (written !== size || text.includes('-') || text.includes('_')) return NOT_PLAIN
  if (padding > 0 && hasStrayBits(text.charCodeAt(text.length - padding - 1), padding)) return NOT_PLAIN
  scan.at = end + 1
  scan.blobsEnd += size
  return blobs.subarray(scan.blobsEnd - size, scan.blobsEnd)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Whether the last character before the padding says more than whole bytes. */
const hasStrayBits = (character: number, padding: number) =>
  (ALPHABET.indexOf(String.fromCharCode(character)) & (padding === 1 ? 0b11 : 0b1111)) !== 0
