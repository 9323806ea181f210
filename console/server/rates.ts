/** What had arrived by a moment, `at` in ms of any steady clock. */
export interface Sample {
  readonly at: number
  readonly records: number
  readonly bytes: number
  readonly throttled: number
}

/** Ten minutes, at one a second. */
const MOST = 600
/** A rate is that of the last few seconds. */
const WINDOW = 5

export const addSample = (samples: readonly Sample[], sample: Sample): readonly Sample[] => {
  const last = samples.at(-1)
  // The counters begin anew when the server does.
  const before = last && last.records > sample.records ? [] : samples
  return [...before.slice(1 - MOST), sample]
}

/** Per second. */
export function rateOf(samples: readonly Sample[]): { readonly records: number; readonly bytes: number } {
  const last = samples.at(-1)
  const first = samples.at(-1 - WINDOW) ?? samples[0]
  if (!first || !last || last.at <= first.at) return { records: 0, bytes: 0 }
  const seconds = (last.at - first.at) / 1_000
  return { records: (last.records - first.records) / seconds, bytes: (last.bytes - first.bytes) / seconds }
}

/** What arrived in one second, that many seconds ago. */
export interface Rate {
  readonly secondsAgo: number
  readonly records: number
  readonly bytes: number
  readonly throttled: number
}

export function ratesOf(samples: readonly Sample[]): Rate[] {
  const last = samples.at(-1)
  if (!last) return []
  return samples.slice(1).map((sample, index) => {
    const before = samples[index]!
    const seconds = Math.max(0.001, (sample.at - before.at) / 1_000)
    return {
      secondsAgo: Math.round((last.at - sample.at) / 1_000),
      records: (sample.records - before.records) / seconds,
      bytes: (sample.bytes - before.bytes) / seconds,
      throttled: (sample.throttled - before.throttled) / seconds,
    }
  })
}
