import type { Clock } from '../../clock/clock.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { onlyWithCommitment, tooWarm } from '../exceptions/streams.ts'
import { scaledTo } from '../streams/resharding.ts'
import { ON_DEMAND_SHARDS, openShardsOf, type Stream } from '../streams/stream.ts'
import { commitmentOf, isCommitted } from './commitment.ts'

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
