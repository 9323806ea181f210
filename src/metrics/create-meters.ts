import type { Clock } from '../clock/clock.ts'
import { createKept, createRunning, type Kept, keptUntil, type Running, usedUntil } from './billed-hours.ts'
import { type Counter, createCounters } from './counters.ts'
import type { Meter, Meters } from './meters.ts'

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
  let since = clock.now()
  let used: Partial<Record<Meter, number>> = {}
  const use = (meter: Meter, quantity: number) => {
    used[meter] = (used[meter] ?? 0) + quantity
  }
  const counters = createCounters()
  const running = createRunning(clock.now, use)
  const kept = createKept(clock.now, use)
  return {
    count: (namespace, metric, dimensions, value) => counters.add(namespace, metric, dimensions, value),
    use,
    run: running.run,
    retain: kept.retain,
    arrive: kept.arrive,
    metrics: counters.all,
    changes: counters.changes,
    snapshot: () => ({ since, used: { ...used }, running: running.list(), kept: kept.list() }),
    restore(saved) {
      // It is counted on, and what comes from a document is not ours to change.
      const state = structuredClone(saved)
      since = state?.since ?? clock.now()
      used = { ...state?.used }
      running.restore(state?.running ?? [])
      kept.restore(state?.kept ?? [])
      if (!state) counters.clear()
    },
    usage(now) {
      const sums: Partial<Record<Meter, number>> = { ...used }
      const units: Partial<Record<Meter, number>> = {}
      for (const one of running.list()) {
        sums[one.meter] = (sums[one.meter] ?? 0) + usedUntil(one, now)
        units[one.meter] = (units[one.meter] ?? 0) + one.units
      }
      for (const one of kept.list())
        for (const [meter, byteHours] of keptUntil(one, now))
          if (byteHours > 0) sums[meter] = (sums[meter] ?? 0) + byteHours
      return { since, until: now, used: sums, running: units }
    },
  }
}
