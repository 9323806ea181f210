import type { AgeTier, Meter } from './meters.ts'
import { HOUR_MS } from './running.ts'

/** Data that is kept for a while after it came: a stream's records, for example. */
export interface Kept {
  readonly id: string
  /** How long; what is older is forgotten here, too. */
  readonly hours: number
  readonly tiers: readonly AgeTier[]
  /** What came within an hour, as if all of it had come with the first: ms since 1970 and bytes, rising. */
  readonly arrivals: [time: number, bytes: number][]
  /** Up to when it is added up, ms since 1970. */
  readonly countedUntil: number
}

/** What was kept since it was last added up, in byte-hours of each tier. */
export const keptUntil = (
  { tiers, arrivals, countedUntil }: Kept,
  now: number,
): [meter: Meter, byteHours: number][] =>
  tiers.map(({ meter, fromHours, untilHours }) => {
    const byteMs = arrivals.reduce((sum, [time, bytes]) => {
      const from = Math.max(time + fromHours * HOUR_MS, countedUntil)
      const until = Math.min(time + untilHours * HOUR_MS, now)
      return sum + bytes * Math.max(0, until - from)
    }, 0)
    return [meter, byteMs / HOUR_MS]
  })

/** What is left once it was added up until `now`. */
const countedKept = (kept: Kept, now: number): Kept => ({
  ...kept,
  arrivals: kept.arrivals.filter(([time]) => time + kept.hours * HOUR_MS > now),
  countedUntil: now,
})

/** The arrivals of the hour that is passing; undefined when none has begun. */
function passingHour({ arrivals }: Kept, now: number): Kept['arrivals'][number] | undefined {
  const last = arrivals.at(-1)
  return last && now - last[0] < HOUR_MS ? last : undefined
}

/** Everything that is kept; what an hour of it adds up to is handed to `use`. */
export function createKept(now: () => number, use: (meter: Meter, byteHours: number) => void) {
  const all = new Map<string, Kept>()
  const count = (one: Kept, time: number): Kept => {
    for (const [meter, byteHours] of keptUntil(one, time)) if (byteHours > 0) use(meter, byteHours)
    return countedKept(one, time)
  }
  return {
    retain(id: string, hours: number, tiers: readonly AgeTier[]): void {
      const before = all.get(id)
      const time = now()
      const counted = before ? count(before, time) : { id, arrivals: [], countedUntil: time }
      if (hours > 0) all.set(id, { ...counted, hours, tiers })
      else all.delete(id)
    },
    arrive(id: string, bytes: number): void {
      const found = all.get(id)
      if (!found) return
      const time = now()
      const passing = passingHour(found, time)
      if (passing) {
        passing[1] += bytes
      } else {
        const counted = count(found, time)
        counted.arrivals.push([time, bytes])
        all.set(id, counted)
      }
    },
    list: (): Kept[] => [...all.values()],
    restore(saved: readonly Kept[]): void {
      all.clear()
      for (const one of saved) all.set(one.id, one)
    },
  }
}
