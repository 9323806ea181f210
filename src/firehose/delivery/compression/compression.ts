import { gzip } from './gzip.ts'

export type CompressionFormat = keyof typeof COMPRESSIONS

export interface Compression {
  /** What the object's name ends with, unless a FileExtension replaces it. */
  readonly extension: string
  readonly contentEncoding?: string
  /** Absent: the bytes stay as they are. */
  readonly compress?: (body: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>
}

/** By AWS's names; another format is one more row. */
const COMPRESSIONS = {
  UNCOMPRESSED: { extension: '' },
  GZIP: { extension: '.gz', contentEncoding: 'gzip', compress: gzip },
} satisfies Record<string, Compression>

export const isSupported = (format: string): format is CompressionFormat =>
  Object.hasOwn(COMPRESSIONS, format)
export const compressionOf = (format: CompressionFormat): Compression => COMPRESSIONS[format]
