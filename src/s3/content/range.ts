/** A piece of an object: `end` is exclusive. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The Range header of a read. Like S3, one range only: anything else is as if the header were absent.
 * `unsatisfiable` answers 416.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const parts = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!parts) return undefined
  const [, first = '', last = ''] = parts
  if (first === '' && last === '') return undefined
  if (first === '') {
    if (Number(last) === 0) return 'unsatisfiable'
    // The last bytes of nothing are all there is, as with S3, and no piece of it.
    return sizeBytes === 0 ? undefined : { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= sizeBytes) return 'unsatisfiable'
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}

/** `x-amz-copy-source-range`: both ends are named and must lie within the source. */
export function parseCopyRange(
  header: string,
  sizeBytes: number,
): ByteRange | 'malformed' | 'behind' | 'outside' {
  const parts = /^bytes=(\d+)-(\d+)$/.exec(header)
  if (!parts) return 'malformed'
  const [start, end] = [Number(parts[1]), Number(parts[2]) + 1]
  if (end <= start) return 'malformed'
  if (start >= sizeBytes) return 'behind'
  return end > sizeBytes ? 'outside' : { start, end }
}

export const contentRangeOf = ({ start, end }: ByteRange, sizeBytes: number): string =>
  `bytes ${start}-${end - 1}/${sizeBytes}`
