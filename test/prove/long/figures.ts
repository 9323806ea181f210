/** The value below which the share `of` (0 to 1) of all values lies; NaN of none. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN
}

/** A value and when it was seen, milliseconds. */
export interface Seen {
  readonly atMs: number
  readonly value: number
}

/** How much a value grows in a minute: the line that fits best. NaN of fewer than two. */
export function growthPerMinute(seen: readonly Seen[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanAt, meanValue] = [mean(seen.map(({ atMs }) => atMs)), mean(seen.map(({ value }) => value))]
  let [product, square] = [0, 0]
  for (const { atMs, value } of seen) {
    product += (atMs - meanAt) * (value - meanValue)
    square += (atMs - meanAt) ** 2
  }
  return (product / square) * 60_000
}

/** The growth of what is left when a sawtooth's teeth are cut: the least value of each minute. */
export function floorOfEachMinute(seen: readonly Seen[]): Seen[] {
  const floors = new Map<number, Seen>()
  for (const one of seen) {
    const minute = Math.floor(one.atMs / 60_000)
    if (!((floors.get(minute)?.value ?? Infinity) <= one.value)) floors.set(minute, one)
  }
  return [...floors.values()]
}

/** NaN is the growth of what was seen too few times. */
export const toldGrowth = (growth: number): string | number =>
  Number.isNaN(growth) ? 'too short to tell' : Math.round(growth * 100) / 100

export const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10
