/** What the load asks of an engine; each is noted before it is asked. */
export type EngineQuestion =
  | { readonly what: 'ensure'; readonly group: string }
  | { readonly what: 'drop'; readonly group: string }
  /** Answered with the first position. */
  | {
      readonly what: 'append'
      readonly group: string
      readonly log: string
      readonly from: number
      readonly count: number
    }
  | { readonly what: 'trim'; readonly group: string; readonly log: string; readonly before: number }
  /** Answered with the seal's position. */
  | { readonly what: 'seal'; readonly group: string; readonly log: string }
  /** null: the key is deleted. */
  | { readonly what: 'commit'; readonly values: Readonly<Record<string, number | null>> }
  /** Answered with the id. */
  | { readonly what: 'blob'; readonly number: number; readonly size: number }
  | { readonly what: 'copy blob'; readonly id: string }
  | { readonly what: 'delete blob'; readonly id: string }

export const RETENTION_MS = 1000 * 365 * 24 * 3_600_000
/** Small, so that there are many write-ahead logs and segments. */
export const WAL_BYTES = 24 * 1024

/** Bytes that tell their number, and that a piece of others is not. */
export const contentOf = (number: number, size: number): Buffer =>
  size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, `${number}/${size};`)

export const entryOf = (number: number): Buffer => contentOf(number, 20 + ((number * 7919) % 700))
export const numberOf = (entry: Uint8Array): number =>
  Number.parseInt(Buffer.from(entry).toString('latin1'), 10)
export const documentOf = (number: number): Buffer => contentOf(number, 20 + (number % 3000))
