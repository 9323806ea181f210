/** What AWS bills by the hour: what runs, and what is kept. */
import type { AgeTier, Meter } from './meters.ts'

export const HOUR_MS = 3_600_000

/** Something that is billed by the hour while it exists: a stream's shards, for example. */
export interface Running {
  readonly meter: Meter
  readonly id: string
  /** What runs now. */
  readonly units: number
  /** When the hour began that is not yet added up. */
  readonly hourStartedAt: number
  /** The most that ran in that hour: AWS bills a partial hour as a full one. */
  readonly peak: number
}

const startRunning = (meter: Meter, id: string, units: number, now: number): Running => ({
  meter,
  id,
  units,
  hourStartedAt: now,
  peak: units,
})

/** Adds up the hours that are over: what is left begins less than an hour before `now`. */
function rollHours(running: Running, now: number): { readonly running: Running; readonly used: number } {
  const hours = Math.floor((now - running.hourStartedAt) / HOUR_MS)
  if (hours <= 0) return { running, used: 0 }
  const hourStartedAt = running.hourStartedAt + hours * HOUR_MS
  return {
    running: { ...running, hourStartedAt, peak: running.units },
    used: running.peak + (hours - 1) * running.units,
  }
}

/** What has been begun is billed: the unit-hours up to `now`. */
export function usedUntil(running: Running, now: number): number {
  const rolled = rollHours(running, now)
  const begun = rolled.running.hourStartedAt < now || running === rolled.running
  return rolled.used + (begun ? rolled.running.peak : 0)
}

/** Everything that runs now; the hours that are over when it changes are handed to `use`. */
export function createRunning(now: () => number, use: (meter: Meter, hours: number) => void) {
  const all = new Map<string, Running>()
  const keyOf = (meter: Meter, id: string) => `${meter}\0${id}`
  return {
    run(meter: Meter, id: string, units: number): void {
      const key = keyOf(meter, id)
      const before = all.get(key)
      if (before?.units === units || (!before && units === 0)) return
      const time = now()
      if (!before) {
        all.set(key, startRunning(meter, id, units, time))
      } else if (units === 0) {
        use(meter, usedUntil(before, time))
        all.delete(key)
      } else {
        const rolled = rollHours(before, time)
        use(meter, rolled.used)
        all.set(key, { ...rolled.running, units, peak: Math.max(rolled.running.peak, units) })
      }
    },
    list: (): Running[] => [...all.values()],
    restore(saved: readonly Running[]): void {
      all.clear()
      for (const one of saved) all.set(keyOf(one.meter, one.id), one)
    },
  }
}

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
