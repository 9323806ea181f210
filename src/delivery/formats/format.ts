import type { Origin } from '../reading/log-range.ts'

/** A record on its way into an object. */
export interface FormattedRecord {
  readonly origin: Origin
  /** What it consists of: several where a producer's library had put them together. */
  readonly parts: readonly Uint8Array[]
}

/** How records become the bytes that are compressed: the same bytes for the same records every time. */
export interface Format {
  write(groups: AsyncIterable<readonly FormattedRecord[]>, options: FormatOptions): AsyncIterable<Uint8Array>
}

export interface FormatOptions {
  /** After every part. */
  readonly delimiter?: Uint8Array
  /**
   * Told of each record, in the object's order and before its bytes are given out, how many of them are its own. Not
   * told by a format in which records have no bytes of their own.
   */
  readonly wrote: (origin: Origin, bytes: number) => void
}
