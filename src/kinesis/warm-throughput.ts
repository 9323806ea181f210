import { commitmentOf, isCommitted } from './account-settings.ts'
import { scaledTo } from './change-stream.ts'
import { onlyWithCommitment } from './exceptions.ts'
import type { Kinesis } from './kinesis.ts'
import { openShardsOf, type Stream } from './stream.ts'

/** One shard takes 1 MiB/s, so an on-demand stream is warm when it has as many shards. */
export function warmed(stream: Stream, warmThroughputMiBps: number): Stream {
  const openShards = openShardsOf(stream).length
  const warm = { ...stream, warmThroughputMiBps }
  return warmThroughputMiBps > openShards ? scaledTo(warm, warmThroughputMiBps) : warm
}

export const describedWarmThroughput = (stream: Stream) => ({
  TargetMiBps: stream.warmThroughputMiBps ?? 0,
  CurrentMiBps: openShardsOf(stream).length,
})

/** Rejects with ValidationException unless the account has committed itself to a minimum of throughput. */
export async function checkCommitment(
  { metadata, clock }: Pick<Kinesis, 'metadata' | 'clock'>,
  scope: { readonly account: string; readonly region: string },
): Promise<void> {
  if (!isCommitted(await commitmentOf(metadata, scope), clock.now()))
    throw onlyWithCommitment('WarmThroughputMiBps')
}
