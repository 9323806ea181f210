import type { LogId } from '../../engine/ports/engine.ts'
import type { Origin } from './log-range.ts'

/**
 * The last record that came from each source. A stage that starts over may put records into a log a second time;
 * since it keeps their order, what does not come after the last one was seen before. A source is remembered for as
 * long as that may happen: whoever keeps this says when it is over.
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
    /** Of sources of which nothing can come any more. */
    forget(sources: readonly LogId[]): void {
      for (const source of sources) last.delete(keyOf(source))
    },
    list: (): Origin[] => [...last.values()],
  }
}

export type Seen = ReturnType<typeof createSeen>

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`
const isAfter = (origin: Origin, before: Origin): boolean =>
  origin.position > before.position || (origin.position === before.position && origin.part > before.part)
