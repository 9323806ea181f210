import { effect, type ReadonlySignal, signal } from '@preact/signals'
import type { Filter } from './filter.ts'
import type { StreamRecord } from './stream-record.ts'

/** Looked through at once; then the page does what else it has to. */
const SLICE_MS = 8
/** Records between two looks at the clock. */
const STRIDE = 64

/** What a page holds, and how many older ones it has let go. */
interface Held {
  readonly records: ReadonlySignal<readonly StreamRecord[]>
  readonly letGo: ReadonlySignal<number>
}

/** The records of a feed that pass a filter, kept up with what arrives and what is let go. */
export function createSearch(feed: Held, filter: Filter) {
  const found = signal<readonly StreamRecord[]>([])
  const isDone = signal(false)
  /** Looked at so far, with those that the feed has let go since. */
  let seen = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    timer = undefined
    const records = feed.records.peek()
    const letGo = feed.letGo.peek()
    const until = performance.now() + SLICE_MS
    const news: StreamRecord[] = []
    let at = Math.max(0, seen - letGo)
    while (at < records.length && performance.now() < until)
      for (const end = Math.min(at + STRIDE, records.length); at < end; at++)
        if (filter(records[at]!)) news.push(records[at]!)
    seen = letGo + at
    const oldest = records[0]?.position ?? 0
    const before = found.peek()
    const isStale = before[0] !== undefined && before[0].position < oldest
    const kept = isStale ? before.filter(({ position }) => position >= oldest) : before
    if (isStale || news.length > 0) found.value = [...kept, ...news]
    isDone.value = at >= records.length
    if (!isDone.peek()) timer = setTimeout(look)
  }

  const stop = effect(() => {
    if (feed.records.value && timer === undefined) look()
  })
  return {
    found,
    isDone,
    close() {
      stop()
      clearTimeout(timer)
    },
  }
}
