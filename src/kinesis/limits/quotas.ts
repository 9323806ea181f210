import type { Clock } from '../../clock/clock.ts'
import {
  shardLimitExceeded,
  tooManyOnDemandStreams,
  tooManyShards,
  tooManyStreamsCreating,
} from '../exceptions/streams.ts'
import type { StreamRef } from '../stream-ref.ts'
import type { StreamStore } from '../streams/store.ts'
import { openShardsOf, type Stream, type StreamMode, statusOf } from '../streams/stream.ts'

/** How many AWS allows at a time, or in a day. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const QUOTAS = {
  /** Of an account in one region. */
  streamsCreating: 5,
  onDemandStreams: 50,
  /** Of a stream; the second in On-demand Advantage mode. https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html */
  consumers: 20,
  consumersWithAdvantage: 50,
  consumersCreating: 5,
  /** Of a stream. https://docs.aws.amazon.com/streams/latest/dev/data-delivery-quotas.html */
  channelsToBuckets: 1,
  channelsToTables: 1,
  /** Of a stream, by UpdateShardCount, and to so many shards at most. */
  scalingsOfDay: 10,
  shardsByScaling: 10_000,
  /** Of a stream. */
  modeChangesOfDay: 2,
} as const

const DAY_MS = 86_400_000

/** The moments (ms since 1970) of `moments` that lie within the last 24 hours, and `now`. */
export const momentsOfDay = (moments: readonly number[] = [], now: number): number[] => [
  ...moments.filter((moment) => now - moment < DAY_MS),
  now,
]

const LARGE_REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1']

/** Open shards of an account's provisioned streams. Elsewhere AWS gives 1,000 or 6,000, not saying where which. */
export const shardLimitOf = (region: string): number => (LARGE_REGIONS.includes(region) ? 20_000 : 6_000)

/** Of one stream, whatever the limits are: its document is kept in memory, and written as a whole. */
const MAX_SHARDS = 20_000

/** Throws LimitExceededException when a stream would have more shards than Standpipe can keep. */
export function checkShardCount(current: number, target: number): void {
  if (target > MAX_SHARDS) throw tooManyShards(current, target, MAX_SHARDS)
}

/** Shards that an on-demand stream grows to by itself: 10 GB/s or 200 MB/s of writes. */
export const onDemandShardLimitOf = (region: string): number =>
  LARGE_REGIONS.includes(region) ? 10_240 : 200

/** Rejects with LimitExceededException unless the account may create one more such stream. */
export async function checkQuotas(
  { streams, clock }: { readonly streams: StreamStore; readonly clock: Clock },
  ref: StreamRef,
  mode: StreamMode,
  shardCount: number,
): Promise<void> {
  const present = (await streams.list(ref)).map(({ stream }) => stream)
  const creating = present.filter((stream) => statusOf(stream, clock.now()) === 'CREATING').length
  if (creating >= QUOTAS.streamsCreating) throw tooManyStreamsCreating(QUOTAS.streamsCreating)
  const sameMode = present.filter((stream) => stream.mode === mode)
  if (mode === 'ON_DEMAND') {
    if (sameMode.length >= QUOTAS.onDemandStreams) throw tooManyOnDemandStreams(ref, QUOTAS.onDemandStreams)
    return
  }
  checkSum(ref, sameMode, shardCount)
}

/** Rejects with LimitExceededException unless the account may have so many more open shards; never if limits are off. */
export async function checkShardLimit(
  { streams, limits }: { readonly streams: StreamStore; readonly limits: 'aws' | 'off' },
  ref: StreamRef,
  additional: number,
): Promise<void> {
  if (limits === 'off' || additional <= 0) return
  const present = (await streams.list(ref)).map(({ stream }) => stream)
  checkSum(
    ref,
    present.filter(({ mode }) => mode === 'PROVISIONED'),
    additional,
  )
}

function checkSum(ref: StreamRef, provisioned: readonly Stream[], additional: number): void {
  const current = provisioned.reduce((sum, stream) => sum + openShardsOf(stream).length, 0)
  const limit = shardLimitOf(ref.region)
  if (current + additional > limit) throw shardLimitExceeded(ref, { current, limit, additional })
}
