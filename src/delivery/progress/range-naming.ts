import { rangeText } from '../lineage/gone.ts'
import type { LogRange } from '../reading/log-range.ts'
import { type StreamSource, shardOfLog } from './source.ts'

/** Which records of a log it is about, with their sequence numbers where their stream still knows the shard. */
export async function rangeNaming(
  { streams }: { readonly streams: StreamSource },
  streamArn: string | undefined,
): Promise<(range: LogRange) => string> {
  const stream = streamArn === undefined ? undefined : await streams.describe(streamArn)
  return (range) => {
    const shard = range.group === stream?.group ? shardOfLog(stream, range.log) : undefined
    if (!shard) return rangeText(range)
    const [first, last] = [
      shard.sequenceNumberOf(range.from, range.firstArrival),
      shard.sequenceNumberOf(range.to - 1, range.lastArrival),
    ]
    return `${rangeText(range)}, sequence numbers ${first} to ${last}`
  }
}
