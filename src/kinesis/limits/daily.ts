const DAY_MS = 86_400_000

/** The moments (ms since 1970) of `moments` that lie within the last 24 hours, and `now`. */
export const momentsOfDay = (moments: readonly number[] = [], now: number): number[] => [
  ...moments.filter((moment) => now - moment < DAY_MS),
  now,
]
