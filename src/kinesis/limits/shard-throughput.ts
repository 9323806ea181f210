import type { Meters } from '../../metrics/meters.ts'
import type { ServiceException } from '../../service/exception.ts'
import { rateExceeded } from '../exceptions/records.ts'
import { subscribedTooOften } from '../exceptions/streams.ts'
import type { FoundStream } from '../streams/store.ts'
import { countingFor, type ShardLevelMetric } from '../usage.ts'

/** What a shard may do in a second, and what is said and counted when that is exceeded. */
interface Limit {
  readonly calls: number
  readonly bytes: number
  readonly refusal: (used: UsedShard) => ServiceException
  readonly metric?: ShardLevelMetric
}

/** Whose limit is meant. */
export interface UsedShard {
  readonly found: FoundStream
  readonly shardId: string
  /** Where each consumer of the shard has a limit of its own. */
  readonly consumerName?: string
}

const anyNumber = Number.POSITIVE_INFINITY
const refusal = ({ found, shardId }: UsedShard) => rateExceeded(found.ref, shardId)
const refusedConsumer = ({ consumerName = '', shardId }: UsedShard) =>
  subscribedTooOften(consumerName, shardId)

/**
 * Every limit of a shard. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html; calls of a write
 * are records, and a push waits instead of being refused.
 */
const LIMITS = {
  write: { calls: 1_000, bytes: 2 ** 20, refusal, metric: 'WriteProvisionedThroughputExceeded' },
  read: { calls: 5, bytes: 2 * 2 ** 20, refusal, metric: 'ReadProvisionedThroughputExceeded' },
  iterator: { calls: 5, bytes: anyNumber, refusal },
  subscribe: { calls: 5, bytes: anyNumber, refusal: refusedConsumer },
  push: { calls: anyNumber, bytes: 2 * 2 ** 20, refusal },
} as const satisfies Record<string, Limit>

export type Activity = keyof typeof LIMITS

/** What limits work with. */
interface Limiting {
  readonly throughput: Throughput
  readonly meters: Meters
}

/** Counts it if the shard's limit allows it; else why it is refused. */
export function refusalOf(
  { throughput, meters }: Limiting,
  activity: Activity,
  used: UsedShard,
  bytes = 0,
): ServiceException | undefined {
  if (throughput === unlimited || throughput.admit(activity, keyOf(used), bytes)) return undefined
  const { metric, refusal }: Limit = LIMITS[activity]
  if (metric) countingFor(meters, used.found, used.shardId)(metric, 1)
  return refusal(used)
}

/** The same; throws why it is refused. */
export function admit(limiting: Limiting, activity: Activity, used: UsedShard): void {
  const refused = refusalOf(limiting, activity, used)
  if (refused) throw refused
}

/** Bytes of what was admitted, known only afterwards. */
export const spend = (
  { throughput }: Pick<Limiting, 'throughput'>,
  activity: Activity,
  used: UsedShard,
  bytes: number,
): void => throughput.add(activity, keyOf(used), bytes)

const keyOf = ({ found: { group }, shardId, consumerName }: UsedShard): string =>
  consumerName === undefined ? `${group}/${shardId}` : `${group}/${shardId}/${consumerName}`

/** Throttles what happens to a shard; `shard` is a key that is unique to it, with its consumer where that counts. */
export interface Throughput {
  /** Counts it if the shard's rate allows it; false: refuse. */
  admit(activity: Activity, shard: string, bytes: number): boolean
  /** Bytes of a read that was admitted, known only afterwards; what is over the rate is paid for with time. */
  add(activity: Activity, shard: string, bytes: number): void
  /** For those who wait instead of being refused: the bytes that are left, and when there are more (ms since 1970). */
  room(activity: Activity, shard: string): { readonly bytes: number; readonly moreAt: number }
}

export const unlimited: Throughput = {
  admit: () => true,
  add() {},
  room: () => ({ bytes: Number.POSITIVE_INFINITY, moreAt: 0 }),
}

interface Window {
  readonly start: number
  calls: number
  bytes: number
}

/** A window lasts a second, and longer when more than a second's bytes were let through at once. */
const endOf = ({ start, bytes }: Window, limit: Pick<Limit, 'bytes'>) =>
  start + 1_000 * Math.max(1, bytes / limit.bytes)

/** Longer than any window, so that what is forgotten has ended. */
const GENERATION_MS = 60_000

export function createThroughput(now: () => number): Throughput {
  // Shards that were idle for a generation are forgotten: what is kept is bounded by what is used.
  let recent = new Map<string, Window>()
  let older = new Map<string, Window>()
  let turnedAt = now()

  const windowOf = (activity: Activity, shard: string): Window => {
    if (now() - turnedAt > GENERATION_MS) {
      older = recent
      recent = new Map()
      turnedAt = now()
    }
    const key = `${activity}/${shard}`
    const found = recent.get(key) ?? older.get(key)
    const window =
      found && now() < endOf(found, LIMITS[activity]) ? found : { start: now(), calls: 0, bytes: 0 }
    recent.set(key, window)
    return window
  }

  return {
    admit(activity, shard, bytes) {
      const limit = LIMITS[activity]
      const window = windowOf(activity, shard)
      // A single record may be larger than a second's bytes.
      const isFull = window.bytes > 0 && window.bytes + Math.max(bytes, 1) > limit.bytes
      if (window.calls >= limit.calls || isFull) return false
      window.calls++
      window.bytes += bytes
      return true
    },
    add(activity, shard, bytes) {
      windowOf(activity, shard).bytes += bytes
    },
    room(activity, shard) {
      const limit = LIMITS[activity]
      const window = windowOf(activity, shard)
      return { bytes: Math.max(0, limit.bytes - window.bytes), moreAt: endOf(window, limit) }
    },
  }
}
