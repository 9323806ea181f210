import { streamNotActive } from '../exceptions/exceptions.ts'
import type { Kinesis } from '../kinesis.ts'
import { meterStream } from '../metering/stream-hours.ts'
import { uniformHashKeyRanges } from '../shards/hash-key.ts'
import type { StreamRef } from '../stream-ref.ts'
import { scheduleResharding } from './finish-resharding.ts'
import { indexAfter, reshard, startsOf } from './resharding.ts'
import { openShardsOf, type Stream, statusOf, updating } from './stream.ts'

/**
 * Changes a stream that is ACTIVE, which is UPDATING for a while then; it is not when `change` returns the very stream
 * it was given. Rejects with ResourceNotFoundException, ResourceInUseException, or what `change` throws.
 */
export async function updateStream(
  kinesis: Kinesis,
  ref: StreamRef,
  change: (stream: Stream, now: number) => Stream,
): Promise<Stream> {
  const { streams, clock, stateDelayMs, meters } = kinesis
  // What is due is done first: the document would else call the stream UPDATING for longer than it is.
  await streams.get(ref)
  const stream = await streams.change(ref, (current) => {
    const now = Math.floor(clock.now())
    const status = statusOf(current, now)
    if (status !== 'ACTIVE') throw streamNotActive(ref, String(status))
    const changed = change(current, now)
    return changed === current ? current : updating(changed, now + stateDelayMs)
  })
  meterStream(meters, ref, stream)
  await scheduleResharding(kinesis, ref, stream)
  return stream
}

/** The stream on its way to `count` shards of the same width. */
export function scaledTo(stream: Stream, count: number): Stream {
  const present = startsOf(openShardsOf(stream)).map(BigInt)
  const starts = uniformHashKeyRanges(count).map(({ start }) => nearby(present, BigInt(start), BigInt(count)))
  return reshard(stream, { starts: starts.map(String) })
}

/**
 * A start that is there already, if it is off by no more than division leaves over: three shards become six by being
 * halved, not by shards of a few keys.
 */
function nearby(present: readonly bigint[], start: bigint, within: bigint): bigint {
  const index = indexAfter(present, start)
  const isNear = (one: bigint | undefined) =>
    one !== undefined && one - start <= within && start - one <= within
  return [present[index - 1], present[index]].find(isNear) ?? start
}
