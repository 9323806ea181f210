import type { StreamBody } from '../../service/shape.ts'
import { dispositionOf } from './content-disposition.ts'
import { malformedPostRequest, maxPostPreDataLengthExceeded, noFileInPostRequest } from './form-exceptions.ts'

/** A form that is being read: what stands before its file, which is last. */
export interface MultipartForm {
  /** By lower-case name, as they were sent; of a name that comes twice the last counts. */
  readonly fields: ReadonlyMap<string, string>
  /** As its sender calls it, without folders; empty where it has no name. */
  readonly fileName: string
  /** Ends when all of the request was read; throws MalformedPOSTRequest for a file that has no end. */
  readonly file: StreamBody
  /** Lets go of the body, of which nobody will read any more. */
  close(): void
}

/** All that precedes the file. */
const PRE_DATA_BYTES = 20 * 1024
/** https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1 */
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70})(?=[\s;,]|$))/i
const NEWLINE = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/** Throws MalformedPOSTRequest where there is none. */
export function boundaryOf(contentType: string): string {
  const [, quoted, bare] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw malformedPostRequest()
  return boundary
}

/**
 * Reads the fields of `multipart/form-data`, and the file as its reader asks for it. What follows the file is read and
 * ignored. Throws MalformedPOSTRequest, MaxPostPreDataLengthExceeded, and InvalidArgument where there is no file.
 *
 * https://www.rfc-editor.org/rfc/rfc7578
 */
export async function readMultipart(body: StreamBody, boundary: string): Promise<MultipartForm> {
  const bytes = createBytes(body)
  try {
    return await readFields(bytes, Buffer.from(`\r\n--${boundary}`, 'latin1'))
  } catch (error) {
    bytes.close()
    throw error
  }
}

async function readFields(bytes: Bytes, delimiter: Buffer): Promise<MultipartForm> {
  const fields = new Map<string, string>()
  // What precedes the first boundary means nothing.
  await bytes.upTo(delimiter)
  while (!(await bytes.endsForm())) {
    const { name, fileName } = dispositionOf((await bytes.upTo(HEAD_END)).toString())
    if (name.toLowerCase() === 'file')
      return { fields, fileName, file: fileIn(bytes, delimiter), close: bytes.close }
    fields.set(name.toLowerCase(), (await bytes.upTo(delimiter)).toString())
  }
  throw noFileInPostRequest()
}

/** Each piece is alone in its memory, which is given back when its reader is done with it. */
function fileIn(bytes: Bytes, delimiter: Buffer): StreamBody {
  async function* pieces() {
    while (!bytes.hasMark(delimiter)) {
      const piece = bytes.takeBefore(delimiter)
      if (piece.length > 0) yield piece
      if (!(await bytes.more())) throw malformedPostRequest()
    }
    const last = bytes.takeBefore(delimiter)
    if (last.length > 0) yield last
    await bytes.endsForm()
    await bytes.skipRest()
  }
  return Object.assign(pieces(), { release: ({ buffer }: Uint8Array) => giveBack(buffer) })
}

const giveBack = (buffer: ArrayBufferLike) => void (buffer instanceof ArrayBuffer && buffer.transfer(0))

type Bytes = ReturnType<typeof createBytes>

/** What came of a body and was not taken yet. */
function createBytes(body: StreamBody) {
  const pieces = body[Symbol.asyncIterator]()
  // A first boundary has no line before it.
  let held: Buffer = Buffer.from(NEWLINE)
  let taken = 0

  async function more(): Promise<boolean> {
    const { done, value } = await pieces.next()
    if (done) return false
    held = joined(held, value)
    body.release?.(value)
    return true
  }
  const drop = (count: number) => {
    held = held.subarray(count)
    taken += count
  }
  const checkLength = (sizeBytes: number) => {
    if (sizeBytes > PRE_DATA_BYTES) throw maxPostPreDataLengthExceeded(PRE_DATA_BYTES)
  }
  const wait = async () => {
    if (!(await more())) throw malformedPostRequest()
  }

  async function upTo(mark: Buffer): Promise<Buffer> {
    let from = 0
    for (;;) {
      const at = held.indexOf(mark, from)
      checkLength(taken + (at < 0 ? held.length : at))
      if (at >= 0) {
        const found = held.subarray(0, at)
        drop(at + mark.length)
        return found
      }
      from = Math.max(0, held.length - mark.length + 1)
      await wait()
    }
  }

  return {
    more,
    close: () => void pieces.return?.(),
    /** What stands before the mark, which is dropped. Throws MalformedPOSTRequest when there is no mark. */
    upTo,
    /** Whether it was the last boundary that was just read. */
    async endsForm(): Promise<boolean> {
      while (held.length < 2) await wait()
      if (held[0] === 0x2d && held[1] === 0x2d) return true
      if (/[^ \t]/.test((await upTo(NEWLINE)).toString('latin1'))) throw malformedPostRequest()
      return false
    },
    hasMark: (mark: Buffer) => held.includes(mark),
    /** All that cannot be a part of the mark, without it. The rest is copied, so that this is alone in its memory. */
    takeBefore(mark: Buffer): Buffer {
      const at = held.indexOf(mark)
      const end = at < 0 ? Math.max(0, held.length - mark.length + 1) : at
      const piece = held.subarray(0, end)
      held = joined(held.subarray(at < 0 ? end : end + mark.length), NOTHING)
      return piece
    },
    async skipRest(): Promise<void> {
      do held = NOTHING
      while (await more())
    },
  }
}

const NOTHING = Buffer.alloc(0)

function joined(one: Uint8Array, other: Uint8Array): Buffer {
  // Of no pool: it is given back by itself.
  const bytes = Buffer.allocUnsafeSlow(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}
