import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createDeflateRaw, createGzip, createZstdCompress } from 'node:zlib'
import { crc32 } from '@node-rs/crc32'

export type CompressionFormat = keyof typeof COMPRESSIONS

export const isCompressionFormat = (value: unknown): value is CompressionFormat =>
  typeof value === 'string' && Object.hasOwn(COMPRESSIONS, value)

export interface Compression {
  /** What the object's name ends with, unless a FileExtension replaces it. */
  readonly extension: string
  readonly contentEncoding?: string
  /** Absent: the bytes stay as they are. The same bytes for the same body and `name` every time. */
  readonly compress?: (body: AsyncIterable<Uint8Array>, name: string) => AsyncIterable<Uint8Array>
}

/** By AWS's names, with the extensions and encodings that the service gives, not those of its documentation. */
const COMPRESSIONS = {
  UNCOMPRESSED: { extension: '' },
  GZIP: { extension: '.gz', contentEncoding: 'gzip', compress: through(createGzip) },
  ZIP: { extension: '.zip', contentEncoding: 'zip', compress: zip },
  Snappy: { extension: '.snappy', contentEncoding: 'snappy-java', compress: xerialSnappy },
  HADOOP_SNAPPY: { extension: '.snappy', contentEncoding: 'hadoop-snappy', compress: hadoopSnappy },
  /** Of channels only. */
  ZSTD: { extension: '.zst', contentEncoding: 'zstd', compress: through(createZstdCompress) },
} satisfies Record<string, Compression>

export const compressionOf = (format: CompressionFormat): Compression => COMPRESSIONS[format]

/** The same bytes for the same body every time: no header holds a time. */
function through(create: () => Transform) {
  return async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const stream = create()
    const fed = pipeline(body, stream)
    // A reader that stops early ends the pipeline too; whoever reads on sees the failure in the stream itself.
    fed.catch(() => undefined)
    yield* stream
  }
}

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
async function* zip(body: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
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
  for await (const chunk of through(createDeflateRaw)(measured())) {
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

/** Both containers hold raw Snappy blocks of 32 KiB of data each; neither is Snappy's own framing format. */
const BLOCK_BYTES = 32 * 1024

/** snappy-java's SnappyOutputStream: a magic, its version and the lowest compatible one, then length and block. */
const XERIAL_HEADER = Buffer.from('82534e41505059000000000100000001', 'hex')

async function* xerialSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield XERIAL_HEADER
  for await (const { compressed } of compressedBlocksOf(body))
    yield withLengths(compressed.length, compressed)
}

/** Hadoop's BlockCompressorStream: the data's length, then length and block. */
async function* hadoopSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { dataBytes, compressed } of compressedBlocksOf(body))
    yield withLengths(dataBytes, compressed.length, compressed)
}

async function* compressedBlocksOf(body: AsyncIterable<Uint8Array>) {
  const { compressSync } = await import('snappy')
  for await (const block of blocksOf(body))
    yield { dataBytes: block.length, compressed: compressSync(Buffer.from(block)) }
}

async function* blocksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of body) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    for (; start + BLOCK_BYTES <= bytes.length; start += BLOCK_BYTES)
      yield bytes.subarray(start, start + BLOCK_BYTES)
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) yield rest
}

function withLengths(...parts: [...lengths: number[], bytes: Uint8Array]): Uint8Array {
  const bytes = parts.at(-1) as Uint8Array
  const lengths = parts.slice(0, -1) as number[]
  const framed = Buffer.allocUnsafe(4 * lengths.length + bytes.length)
  for (const [index, length] of lengths.entries()) framed.writeInt32BE(length, 4 * index)
  framed.set(bytes, 4 * lengths.length)
  return framed
}
