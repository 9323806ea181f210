import type { Clock } from '../../clock/clock.ts'
import { type Background, inBackground } from '../../engine/ports/background.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { onlyWithCommitment, tooWarm } from '../exceptions/streams.ts'
import { type StreamRef, streamWhere } from '../stream-ref.ts'
import { type Changing, scheduleResharding } from '../streams/changes.ts'
import { scaledTo } from '../streams/resharding.ts'
import type { FoundStream } from '../streams/store.ts'
import { ON_DEMAND_SHARDS, openShardsOf, type Stream, statusOf, updating } from '../streams/stream.ts'
import { commitmentOf, isCommitted } from './commitment.ts'
import { onDemandShardLimitOf } from './quotas.ts'

/** What growth works with. */
export interface Growing extends Changing {
  readonly writeRates: WriteRates
}

/**
 * Has an on-demand stream grow when it is written to faster than it is made for. Never rejects: what was written is stored,
 * and that the stream cannot grow is no reason to have it put again. It is said, and tried again behind the puts.
 */
export async function growOnDemand(ports: Growing, found: FoundStream, written: WriteRate): Promise<void> {
  const { writeRates, problems } = ports
  const { ref, stream, group } = found
  const { growths } = writeRates
  const rate = writeRates.add(group, written)
  if (stream.resharding || isEnough(ref, rate, stream) || growths.has(group)) return
  const growth = inBackground(problems, {
    where: `the growth of ${streamWhere(ref)}`,
    meanwhile: 'it takes no more than its shards do',
    async work() {
      await grow(ports, found)
      growths.delete(group)
    },
  })
  growths.set(group, growth)
  await growth.run()
}

const wantedShards = ({ region }: Pick<StreamRef, 'region'>, rate: WriteRate, stream: Stream) =>
  shardsWanted(rate, openShardsOf(stream).length, onDemandShardLimitOf(region))

const isEnough = (ref: StreamRef, rate: WriteRate, stream: Stream) =>
  wantedShards(ref, rate, stream) === openShardsOf(stream).length

/** If it still has to by then. */
async function grow(ports: Growing, { ref, stream: seen, group }: FoundStream): Promise<void> {
  const { clock, streams, stateDelayMs, writeRates } = ports
  const rate = writeRates.add(group, NOTHING)
  const current = await streams.find(ref)
  if (current?.stream.creationId !== seen.creationId) return
  const stream = await streams.change(ref, (current) => {
    const now = Math.floor(clock.now())
    const isFit =
      current.creationId === seen.creationId &&
      current.mode === 'ON_DEMAND' &&
      statusOf(current, now) === 'ACTIVE'
    if (!isFit || isEnough(ref, rate, current)) return current
    return updating(scaledTo(current, wantedShards(ref, rate, current)), now + stateDelayMs)
  })
  await scheduleResharding(ports, ref, stream)
}

/** What was written to a stream in the second that is passing. */
export interface WriteRate {
  readonly records: number
  readonly bytes: number
}

const NOTHING: WriteRate = { records: 0, bytes: 0 }

export interface WriteRates {
  /** Of streams that are growing, or cannot, by their groups. */
  readonly growths: Map<string, Background>
  /** Counts it, and tells the second's sum so far. */
  add(group: string, written: WriteRate): WriteRate
}

/** Streams that are measured at the same time. */
const MAX_STREAMS = 1_000

export function createWriteRates(now: () => number): WriteRates {
  const seconds = new Map<string, WriteRate & { readonly start: number }>()
  return {
    growths: new Map(),
    add(group, { records, bytes }) {
      const found = seconds.get(group)
      const second = found && now() - found.start < 1_000 ? found : { start: now(), records: 0, bytes: 0 }
      const sum = { ...second, records: second.records + records, bytes: second.bytes + bytes }
      seconds.delete(group)
      seconds.set(group, sum)
      if (seconds.size > MAX_STREAMS) seconds.delete(seconds.keys().next().value!)
      return sum
    },
  }
}

const SHARD: WriteRate = { records: 1_000, bytes: 2 ** 20 }

/**
 * How many shards an on-demand stream should have: AWS promises to take in twice the rate that it saw, so at more than
 * half of what the shards take, all of them are split.
 */
export function shardsWanted({ records, bytes }: WriteRate, openShards: number, maxShards: number): number {
  const isFast = 2 * Math.max(records / SHARD.records, bytes / SHARD.bytes) > openShards
  return isFast ? Math.max(openShards, Math.min(2 * openShards, maxShards)) : openShards
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html */
const MAX_MIBPS = 10_240

/**
 * One shard takes 1 MiB/s, so an on-demand stream is warm when it has as many shards. What it has beyond that it gives
 * back, and gets again as soon as it is written to that fast.
 */
export const warmed = (stream: Stream, warmThroughputMiBps: number): Stream =>
  scaledTo({ ...stream, warmThroughputMiBps }, Math.max(warmThroughputMiBps, ON_DEMAND_SHARDS))

export const describedWarmThroughput = (stream: Stream) => ({
  TargetMiBps: stream.warmThroughputMiBps ?? 0,
  CurrentMiBps: openShardsOf(stream).length,
})

/**
 * Rejects with ValidationException unless the account has committed itself to a minimum of throughput, with
 * LimitExceededException when it is too much.
 */
export async function checkWarmThroughput(
  { metadata, clock }: { readonly metadata: MetadataStore; readonly clock: Clock },
  scope: { readonly account: string; readonly region: string },
  miBps: number,
): Promise<void> {
  if (!isCommitted(await commitmentOf(metadata, scope), clock.now()))
    throw onlyWithCommitment('WarmThroughputMiBps')
  if (miBps > MAX_MIBPS) throw tooWarm(miBps, MAX_MIBPS)
}
