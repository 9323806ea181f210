/** What a shard may do in a second. */
interface Rate {
  readonly calls: number
  readonly bytes: number
}

/** https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html; calls of a write are records. */
const RATES = {
  write: { calls: 1_000, bytes: 2 ** 20 },
  read: { calls: 5, bytes: 2 * 2 ** 20 },
  iterator: { calls: 5, bytes: Number.POSITIVE_INFINITY },
  subscribe: { calls: 5, bytes: Number.POSITIVE_INFINITY },
  push: { calls: Number.POSITIVE_INFINITY, bytes: 2 * 2 ** 20 },
} satisfies Record<string, Rate>

export type Activity = keyof typeof RATES

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
const endOf = ({ start, bytes }: Window, rate: Rate) => start + 1_000 * Math.max(1, bytes / rate.bytes)

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
      found && now() < endOf(found, RATES[activity]) ? found : { start: now(), calls: 0, bytes: 0 }
    recent.set(key, window)
    return window
  }

  return {
    admit(activity, shard, bytes) {
      const rate = RATES[activity]
      const window = windowOf(activity, shard)
      // A single record may be larger than a second's bytes.
      const isFull = window.bytes > 0 && window.bytes + Math.max(bytes, 1) > rate.bytes
      if (window.calls >= rate.calls || isFull) return false
      window.calls++
      window.bytes += bytes
      return true
    },
    add(activity, shard, bytes) {
      windowOf(activity, shard).bytes += bytes
    },
    room(activity, shard) {
      const rate = RATES[activity]
      const window = windowOf(activity, shard)
      return { bytes: Math.max(0, rate.bytes - window.bytes), moreAt: endOf(window, rate) }
    },
  }
}
