import type { Kinesis } from '../kinesis.ts'
import { scaledTo } from '../streams/changes.ts'
import { scheduleResharding } from '../streams/finish-resharding.ts'
import type { FoundStream } from '../streams/store.ts'
import { openShardsOf, statusOf, updating } from '../streams/stream.ts'
import { shardsWanted, type WriteRate } from './on-demand-growth.ts'
import { onDemandShardLimitOf } from './quotas.ts'

/** Has an on-demand stream grow when it is written to faster than it is made for. */
export async function growOnDemand(
  kinesis: Kinesis,
  { ref, stream: seen, group }: FoundStream,
  written: WriteRate,
): Promise<void> {
  const { clock, streams, stateDelayMs, writeRates } = kinesis
  const rate = writeRates.add(group, written)
  const wanted = (openShards: number) => shardsWanted(rate, openShards, onDemandShardLimitOf(ref.region))
  const isEnough = (openShards: number) => wanted(openShards) === openShards
  if (seen.resharding || isEnough(openShardsOf(seen).length)) return
  const stream = await streams.change(ref, (current) => {
    const now = Math.floor(clock.now())
    const openShards = openShardsOf(current).length
    const isFit =
      current.creationId === seen.creationId &&
      current.mode === 'ON_DEMAND' &&
      statusOf(current, now) === 'ACTIVE'
    if (!isFit || isEnough(openShards)) return current
    return updating(scaledTo(current, wanted(openShards)), now + stateDelayMs)
  })
  await scheduleResharding(kinesis, ref, stream)
}
