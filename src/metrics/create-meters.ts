import type { Clock } from '../clock/clock.ts'
import { createKept, createRunning, type Kept, keptUntil, type Running, usedUntil } from './billed-hours.ts'
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

/** One metric of CloudWatch's with its dimensions, summed up since the process began. */
export interface Counter {
  readonly namespace: string
  readonly metric: string
  readonly dimensions: Readonly<Record<string, string>>
  /** How often it was reported. */
  samples: number
  sum: number
}

/** Beyond these, metrics are still counted, without telling what they belong to. */
const MAX_COUNTERS = 5_000
const OTHERS = { Others: 'true' }

/** Sums by metric and dimensions; bounded however many streams come and go. */
export function createCounters(maxCounters = MAX_COUNTERS) {
  const counters = new Map<string, Counter>()
  let changes = 0
  const keyOf = (namespace: string, metric: string, dimensions: Readonly<Record<string, string>>) => {
    let key = `${namespace}\0${metric}`
    for (const name in dimensions) key += `\0${name}\0${dimensions[name]}`
    return key
  }
  const counterOf = (namespace: string, metric: string, dimensions: Readonly<Record<string, string>>) => {
    const key = keyOf(namespace, metric, dimensions)
    const found = counters.get(key)
    if (found) return found
    if (counters.size >= maxCounters && dimensions !== OTHERS) return counterOf(namespace, metric, OTHERS)
    const counter: Counter = { namespace, metric, dimensions, samples: 0, sum: 0 }
    counters.set(key, counter)
    return counter
  }
  return {
    add(
      namespace: string,
      metric: string,
      dimensions: Readonly<Record<string, string>>,
      value: number,
    ): void {
      const counter = counterOf(namespace, metric, dimensions)
      changes += 1
      counter.samples += 1
      counter.sum += value
    },
    all: (): readonly Counter[] => [...counters.values()],
    /** Grows with whatever changes them. */
    changes: () => changes,
    clear() {
      counters.clear()
      changes += 1
    },
  }
}
