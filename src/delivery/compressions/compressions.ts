import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, createZstdCompress } from 'node:zlib'
import { hadoopSnappy, xerialSnappy } from './snappy.ts'
import { zip } from './zip.ts'

/** The same bytes for the same body every time: no header holds a time. */
const through = (create: () => Transform) =>
  async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const stream = create()
    const fed = pipeline(body, stream, { end: true })
    // A reader that stops early ends the pipeline too; whoever reads on sees the failure in the stream itself.
    fed.catch(() => undefined)
    yield* stream
  }

const gzip = through(createGzip)
const zstd = through(createZstdCompress)

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
  GZIP: { extension: '.gz', contentEncoding: 'gzip', compress: gzip },
  ZIP: { extension: '.zip', contentEncoding: 'zip', compress: zip },
  Snappy: { extension: '.snappy', contentEncoding: 'snappy-java', compress: xerialSnappy },
  HADOOP_SNAPPY: { extension: '.snappy', contentEncoding: 'hadoop-snappy', compress: hadoopSnappy },
  /** Of channels only. */
  ZSTD: { extension: '.zst', contentEncoding: 'zstd', compress: zstd },
} satisfies Record<string, Compression>

export const compressionOf = (format: CompressionFormat): Compression => COMPRESSIONS[format]
