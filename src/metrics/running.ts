import type { Meter } from './meters.ts'

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
