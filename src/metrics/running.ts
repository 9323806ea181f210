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

export const startRunning = (meter: Meter, id: string, units: number, now: number): Running => ({
  meter,
  id,
  units,
  hourStartedAt: now,
  peak: units,
})

/** Adds up the hours that are over: what is left begins less than an hour before `now`. */
export function rollHours(
  running: Running,
  now: number,
): { readonly running: Running; readonly used: number } {
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
