import { tooManyShards } from '../exceptions/changes.ts'
import {
  shardLimitExceeded,
  tooManyOnDemandStreams,
  tooManyStreamsCreating,
} from '../exceptions/exceptions.ts'
import type { Kinesis } from '../kinesis.ts'
import type { StreamRef } from '../stream-ref.ts'
import { openShardsOf, type Stream, type StreamMode, statusOf } from '../streams/stream.ts'

/** https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const MAX_STREAMS_CREATING = 5
export const MAX_ON_DEMAND_STREAMS = 50
export const MAX_TAGS = 50

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
  { streams, clock }: Pick<Kinesis, 'streams' | 'clock'>,
  ref: StreamRef,
  mode: StreamMode,
  shardCount: number,
): Promise<void> {
  const present = (await streams.list(ref)).map(({ stream }) => stream)
  const creating = present.filter((stream) => statusOf(stream, clock.now()) === 'CREATING').length
  if (creating >= MAX_STREAMS_CREATING) throw tooManyStreamsCreating(MAX_STREAMS_CREATING)
  const sameMode = present.filter((stream) => stream.mode === mode)
  if (mode === 'ON_DEMAND') {
    if (sameMode.length >= MAX_ON_DEMAND_STREAMS) throw tooManyOnDemandStreams(ref, MAX_ON_DEMAND_STREAMS)
    return
  }
  checkSum(ref, sameMode, shardCount)
}

/** Rejects with LimitExceededException unless the account may have so many more open shards; never if limits are off. */
export async function checkShardLimit(
  { streams, limits }: Pick<Kinesis, 'streams' | 'limits'>,
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
