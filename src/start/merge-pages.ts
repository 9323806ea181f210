interface Positioned {
  readonly position: number
}

/** What was read of one shard. */
export interface ShardSlice<R extends Positioned> {
  readonly id: string
  readonly records: readonly R[]
  readonly next: number
  readonly atTip: boolean
}

/**
 * One page of several shards in the order in which their records were appended. A shard that has more than was read
 * holds the others back: nothing is shown before what lies in front of it.
 */
export function mergePages<R extends Positioned>(
  slices: readonly ShardSlice<R>[],
  limit: number,
): { records: R[]; next: Map<string, number>; atTip: boolean } {
  const horizon = Math.min(Infinity, ...slices.filter(({ atTip }) => !atTip).map(({ next }) => next))
  const records = slices
    .flatMap((slice) => slice.records)
    .filter(({ position }) => position < horizon)
    .sort((a, b) => a.position - b.position)
    .slice(0, limit)
  const end = records.at(-1)?.position ?? -1
  const next = new Map(
    slices.map((slice) => [
      slice.id,
      slice.records.find(({ position }) => position > end)?.position ?? slice.next,
    ]),
  )
  const shown = slices.every(({ atTip, records: read }) => atTip && (read.at(-1)?.position ?? -1) <= end)
  return { records, next, atTip: shown }
}
