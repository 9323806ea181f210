import type { RecordPage } from '../../api/views.ts'
import { steadyNow } from '../../clock/machine-time.ts'

/** Kept at most; they are as many as there are places where somebody waits for records. */
const MOST_KEPT = 200

interface Kept {
  readonly readAt: number
  readonly page: Promise<RecordPage>
}

/** That nothing is new at a place is found out once for all who wait there, and holds for a moment. */
export function createSharedPages() {
  const kept = new Map<string, Kept>()
  const forget = (key: string, one: Kept) => {
    if (kept.get(key) === one) kept.delete(key)
  }
  return (key: string, maxAgeMs: number, read: () => Promise<RecordPage>): Promise<RecordPage> => {
    const before = kept.get(key)
    if (maxAgeMs === 0) return read()
    if (before && steadyNow() - before.readAt < maxAgeMs) return before.page
    const one = { readAt: steadyNow(), page: read() }
    kept.delete(key)
    kept.set(key, one)
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
    one.page.then(
      ({ records }) => records.length > 0 && forget(key, one),
      () => forget(key, one),
    )
    return one.page
  }
}
