import type { Clock } from '../clock/clock.ts'
import { type Counter, createCounters } from './counters.ts'
import { countedKept, type Kept, keptUntil, passingHour } from './kept.ts'
import type { AgeTier, Meter, Meters } from './meters.ts'
import { type Running, rollHours, startRunning, usedUntil } from './running.ts'

export type Quantities = Readonly<Partial<Record<Meter, number>>>

/** What AWS would bill up to a moment, in each meter's unit. */
export interface Usage {
  /** When metering began and the moment of this reading, ms since 1970. */
  readonly since: number
  readonly until: number
  readonly used: Quantities
  /** What costs while it merely exists, in units: one shard is one shard-hour every hour. */
  readonly running: Quantities
}

/** What has to outlive the process; JSON. CloudWatch's counters begin anew, as Prometheus expects. */
export interface MetersState {
  readonly since: number
  readonly used: Quantities
  readonly running: readonly Running[]
  /** Absent in what older versions saved. */
  readonly kept?: readonly Kept[]
}

export interface RecordingMeters extends Meters {
  snapshot(): MetersState
  /** Goes on from a snapshot; undefined forgets everything. */
  restore(state: MetersState | undefined): void
  metrics(): readonly Counter[]
  /** Grows with each count of a metric. */
  changes(): number
  usage(now: number): Usage
}

export function createMeters({ clock }: { readonly clock: Pick<Clock, 'now'> }): RecordingMeters {
  const counters = createCounters()
  let since = clock.now()
  let used: Partial<Record<Meter, number>> = {}
  let running = new Map<string, Running>()
  let kept = new Map<string, Kept>()

  const use = (meter: Meter, quantity: number) => {
    used[meter] = (used[meter] ?? 0) + quantity
  }
  const run = (meter: Meter, id: string, units: number) => {
    const key = `${meter}\0${id}`
    const before = running.get(key)
    if (before?.units === units || (!before && units === 0)) return
    const now = clock.now()
    if (!before) {
      running.set(key, startRunning(meter, id, units, now))
    } else if (units === 0) {
      use(meter, usedUntil(before, now))
      running.delete(key)
    } else {
      const rolled = rollHours(before, now)
      use(meter, rolled.used)
      running.set(key, { ...rolled.running, units, peak: Math.max(rolled.running.peak, units) })
    }
  }
  const countKept = (one: Kept, now: number) => {
    for (const [meter, byteHours] of keptUntil(one, now)) if (byteHours > 0) use(meter, byteHours)
    return countedKept(one, now)
  }
  const retain = (id: string, hours: number, tiers: readonly AgeTier[]) => {
    const before = kept.get(id)
    const now = clock.now()
    const counted = before ? countKept(before, now) : { id, arrivals: [], countedUntil: now }
    if (hours > 0) kept.set(id, { ...counted, hours, tiers })
    else kept.delete(id)
  }
  const arrive = (id: string, bytes: number) => {
    const found = kept.get(id)
    if (!found) return
    const now = clock.now()
    const passing = passingHour(found, now)
    if (passing) {
      passing[1] += bytes
    } else {
      const counted = countKept(found, now)
      counted.arrivals.push([now, bytes])
      kept.set(id, counted)
    }
  }

  return {
    count: (namespace, metric, dimensions, value) => counters.add(namespace, metric, dimensions, value),
    use,
    run,
    retain,
    arrive,
    metrics: counters.all,
    changes: counters.changes,
    snapshot: () => ({ since, used: { ...used }, running: [...running.values()], kept: [...kept.values()] }),
    restore(saved) {
      // It is counted on, and what comes from a document is not ours to change.
      const state = structuredClone(saved)
      since = state?.since ?? clock.now()
      used = { ...state?.used }
      running = new Map((state?.running ?? []).map((one) => [`${one.meter}\0${one.id}`, one]))
      kept = new Map((state?.kept ?? []).map((one) => [one.id, one]))
      if (!state) counters.clear()
    },
    usage(now) {
      const sums: Partial<Record<Meter, number>> = { ...used }
      const units: Partial<Record<Meter, number>> = {}
      for (const one of running.values()) {
        sums[one.meter] = (sums[one.meter] ?? 0) + usedUntil(one, now)
        units[one.meter] = (units[one.meter] ?? 0) + one.units
      }
      for (const one of kept.values())
        for (const [meter, byteHours] of keptUntil(one, now))
          if (byteHours > 0) sums[meter] = (sums[meter] ?? 0) + byteHours
      return { since, until: now, used: sums, running: units }
    },
  }
}
