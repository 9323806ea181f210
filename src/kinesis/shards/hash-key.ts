import { hash } from 'node:crypto'

/** Both ends belong to the range; decimal, as AWS prints them. */
export interface HashKeyRange {
  readonly start: string
  readonly end: string
}

const SPACE = 1n << 128n

/** What AWS hashes a partition key to: its MD5, 128 bits big-endian. */
export const hashKeyOf = (partitionKey: string): Uint8Array => hash('md5', partitionKey, 'buffer')

/** A decimal ExplicitHashKey as 128 bits big-endian; undefined when it is over 2^128 - 1. */
export function parseHashKey(decimal: string): Uint8Array | undefined {
  const value = BigInt(decimal)
  return value < SPACE ? Buffer.from(value.toString(16).padStart(32, '0'), 'hex') : undefined
}

/** The ranges of a new stream's shards: equal, and the last one takes what the division left. */
export function uniformHashKeyRanges(count: number): HashKeyRange[] {
  const width = SPACE / BigInt(count)
  return Array.from({ length: count }, (_, index) => {
    const start = width * BigInt(index)
    const end = index === count - 1 ? SPACE - 1n : start + width - 1n
    return { start: String(start), end: String(end) }
  })
}
