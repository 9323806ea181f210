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
