import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'

/** ZIP 2.0; the entry's sizes follow its data, its name is UTF-8. */
const VERSION = 20
const FLAGS = 0b1000_0000_1000
const DEFLATED = 8
/** 1 January 1980, the first day that the format can say: the same bytes every time. */
const DATE = 0x21

/**
 * An archive of one deflated entry.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function* zip(body: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const entryName = Buffer.from(name)
  let [crc, dataBytes, compressedBytes] = [0, 0, 0]
  async function* measured() {
    for await (const chunk of body) {
      crc = crc32(chunk, crc)
      dataBytes += chunk.length
      yield chunk
    }
  }
  const header = fields([4, 0x04034b50], ...commonFields(0, 0, 0, entryName), [2, 0])
  yield Buffer.concat([header, entryName])
  const stream = createDeflateRaw()
  const fed = pipeline(measured(), stream)
  // A reader that stops early ends the pipeline too; whoever reads on sees the failure in the stream itself.
  fed.catch(() => undefined)
  for await (const chunk of stream) {
    compressedBytes += chunk.length
    yield chunk
  }
  yield fields([4, 0x08074b50], [4, crc], [4, compressedBytes], [4, dataBytes])
  const directory = Buffer.concat([
    fields([4, 0x02014b50], [2, VERSION], ...commonFields(crc, compressedBytes, dataBytes, entryName)),
    fields([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, 0]),
    entryName,
  ])
  yield directory
  const directoryAt = header.length + entryName.length + compressedBytes + 16
  yield fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 1],
    [2, 1],
    [4, directory.length],
    [4, directoryAt],
    [2, 0],
  )
}

type Field = readonly [bytes: 2 | 4, value: number]

/** From the version that is needed to the length of the name. */
const commonFields = (crc: number, compressedBytes: number, dataBytes: number, name: Buffer): Field[] => [
  [2, VERSION],
  [2, FLAGS],
  [2, DEFLATED],
  [2, 0],
  [2, DATE],
  [4, crc],
  [4, compressedBytes],
  [4, dataBytes],
  [2, name.length],
]

function fields(...values: readonly Field[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.reduce((sum, [size]) => sum + size, 0))
  let at = 0
  for (const [size, value] of values) at = bytes.writeUIntLE(value, at, size)
  return bytes
}
