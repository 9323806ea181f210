import type { LogId } from '../../engine/engine.ts'
import type { Origin } from './reading.ts'

/** Sources that are remembered; a stream's shards that ended long ago cannot come again. */
const MAX_SOURCES = 1000

/**
 * The last record that came from each source. A stage that starts over may put records into a log a second time;
 * since it keeps their order, what does not come after the last one was seen before.
 */
export function createSeen(origins: readonly Origin[] = []) {
  const last = new Map(origins.map((origin) => [keyOf(origin), origin]))
  return {
    /** Whether it is new; remembers it. */
    isNew(origin: Origin): boolean {
      const key = keyOf(origin)
      const before = last.get(key)
      if (before && !isAfter(origin, before)) return false
      last.set(key, origin)
      return true
    },
    list: (): Origin[] => [...last.values()].slice(-MAX_SOURCES),
  }
}

export type Seen = ReturnType<typeof createSeen>

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`
const isAfter = (origin: Origin, before: Origin): boolean =>
  origin.position > before.position || (origin.position === before.position && origin.part > before.part)
