/** How much room there was at a moment. */
export interface RoomSample {
  /** ms */
  readonly at: number
  /** Bytes until writes are refused. */
  readonly roomBytes: number
}

/** Less says nothing: a log's file that was begun is not a trend. */
const LEAST_SAMPLES = 4
const LEAST_SPAN_MS = 15 * 60_000
/** What goes further is no forecast any more. */
const FURTHEST_MS = 365 * 86_400_000

/**
 * In how many ms there is no room left, if it goes on as it went: what is given back by retention and deletions is part of
 * how it went. Undefined where too little is known, or where nothing is filling up. By the median of all slopes between two
 * samples (Theil and Sen), so that one large deletion, or one large object, is not taken for a trend.
 */
export function msUntilFull(samples: readonly RoomSample[]): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || samples.length < LEAST_SAMPLES || last.at - first.at < LEAST_SPAN_MS)
    return undefined
  const slopes: number[] = []
  for (const [index, one] of samples.entries())
    for (const other of samples.slice(index + 1))
      if (other.at > one.at) slopes.push((other.roomBytes - one.roomBytes) / (other.at - one.at))
  const bytesPerMs = median(slopes)
  if (bytesPerMs === undefined || bytesPerMs >= 0) return undefined
  const untilMs = last.roomBytes / -bytesPerMs
  return untilMs <= FURTHEST_MS ? untilMs : undefined
}

function median(values: number[]): number | undefined {
  const sorted = values.sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle]
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Six hours of samples, one each five minutes. */
const MOST_SAMPLES = 72

/** With one sample more; one that follows another at once takes its place, and the oldest go. */
export const withSample = (
  samples: readonly RoomSample[],
  sample: RoomSample,
  leastMs: number,
): readonly RoomSample[] => {
  const last = samples.at(-1)
  // A clock that went back begins anew.
  if (last && sample.at < last.at) return [sample]
  const before =
    last && samples.length > 1 && sample.at - samples.at(-2)!.at < leastMs ? samples.slice(0, -1) : samples
  return [...before, sample].slice(-MOST_SAMPLES)
}
