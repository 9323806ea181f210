import { hash } from 'node:crypto'
import type { Position } from '../../engine/ports/engine.ts'
import { endingNumberOf, sequenceNumberFormat } from './sequence-number.ts'

/** One shard as a stream's document keeps it. Its log in the engine has its shardId for a name. */
export interface Shard {
  readonly shardId: string
  readonly hashKeyRange: HashKeyRange
  /** ms since 1970. */
  readonly createdAt: number
  readonly parentShardId?: string
  readonly adjacentParentShardId?: string
  /**
   * What its sequence numbers have for the second of its creation, if not that second: of one that was opened in the same
   * second as its parent they are to be higher than all of the parent's.
   */
  readonly numberedFromSeconds?: number
  /** When it was closed, and the position of its log's seal; absent while it is open. */
  readonly closed?: { readonly at: number; readonly position: Position }
}

const MAX_SHARD_INDEX = 2 ** 31 - 1

export const shardIdOf = (index: number): string => `shardId-${String(index).padStart(12, '0')}`

/** `shardId-000000000007`, `shardId-7` or `7` → 7, as AWS reads it; undefined when it names no shard. */
export function shardIndexOf(shardId: string): number | undefined {
  const digits = shardId.split('-')[1] || shardId
  const index = /^\d+$/.test(digits) ? Number(digits) : Number.NaN
  return index <= MAX_SHARD_INDEX ? index : undefined
}

export const isOpen = (shard: Shard): boolean => shard.closed === undefined

export const parentsOf = ({ parentShardId, adjacentParentShardId }: Shard): string[] =>
  [parentShardId, adjacentParentShardId].filter((parent) => parent !== undefined)

/** Gives the sequence number of what lies at a position of the shard's log and arrived at a time, ms since 1970. */
export function sequenceNumbersOf(shard: Shard): (position: Position, time: number) => string {
  const format = sequenceNumberFormat(namedBy(shard))
  return (position, time) => format(position, Math.floor(time / 1_000))
}

/** What tells a shard's sequence numbers from those of every other shard. */
export type NamedBy = Parameters<typeof sequenceNumberFormat>[0]

export const namedBy = ({ shardId, createdAt, numberedFromSeconds }: Shard): NamedBy => ({
  shardCreatedSeconds: numberedFromSeconds ?? Math.floor(createdAt / 1_000),
  shardIndex: shardIndexOf(shardId)!,
})

export const startingSequenceNumberOf = (shard: Shard): string => sequenceNumbersOf(shard)(0, shard.createdAt)

export const endingSequenceNumberOf = (shard: Shard): string | undefined =>
  shard.closed && endingNumberOf(namedBy(shard), Math.floor(shard.closed.at / 1_000))

/** Finds the open shard whose hash key range holds a key. */
export type ShardRouter = (hashKey: Uint8Array) => Shard

/** The open shards' ranges together hold every key, so only their starts are compared. */
export function createShardRouter(shards: readonly Shard[]): ShardRouter {
  const routes = shards
    .filter(isOpen)
    .map((shard) => ({ shard, start: parseHashKey(shard.hashKeyRange.start)! }))
    .sort((a, b) => Buffer.compare(a.start, b.start))
  // Most keys are told apart by what a number holds of them.
  const beginnings = Float64Array.from(routes, ({ start }) => beginningOf(start))
  return (hashKey) => {
    const beginning = beginningOf(hashKey)
    let low = 0
    let high = routes.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      const ahead = beginnings[middle]! - beginning
      if (ahead < 0 || (ahead === 0 && Buffer.compare(routes[middle]!.start, hashKey) <= 0)) low = middle
      else high = middle - 1
    }
    return routes[low]!.shard
  }
}

/** The first 48 of a key's 128 bits. */
const beginningOf = (key: Uint8Array): number =>
  ((key[0]! << 8) | key[1]!) * 2 ** 32 +
  (((key[2]! << 24) | (key[3]! << 16) | (key[4]! << 8) | key[5]!) >>> 0)

/** Both ends belong to the range; decimal, as AWS prints them. */
export interface HashKeyRange {
  readonly start: string
  readonly end: string
}

const SPACE = 1n << 128n

/** What AWS hashes a partition key to: its MD5, 128 bits big-endian. */
export const hashKeyOf = (partitionKey: string): Uint8Array =>
  // A text of one byte each costs a third of a buffer, which would be made for every record.
  Buffer.from(hash('md5', partitionKey, 'binary'), 'latin1')

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
