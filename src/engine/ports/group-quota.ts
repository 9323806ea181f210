import { steadyNow } from '../../clock/machine-time.ts'
import type { LogStore } from './engine.ts'

/** Groups that are remembered: only those that have a quota. */
const MOST_REMEMBERED = 10_000
/** A measurement that takes longer is not made for each call of a producer who goes on though it is refused, ... */
const QUICK_MS = 1
/** ... but so many times as long after the one before. */
const APART = 20

interface Counted {
  readonly bytes: number
  /** Until then (machine time) it is not measured again. */
  readonly heldUntil: number
}

/**
 * Whether groups of a log may take more. Counts what it lets in, and measures a group when that seems to have become too
 * much: what was trimmed or has aged meanwhile is room again.
 */
export function createGroupQuotas(logs: Pick<LogStore, 'bytesOf'>) {
  const counted = new Map<string, Counted>()
  const measure = (group: string): Counted => {
    const begun = steadyNow()
    const bytes = logs.bytesOf(group)
    const now = steadyNow()
    const tookMs = now - begun
    return { bytes, heldUntil: tookMs > QUICK_MS ? now + APART * tookMs : now }
  }
  return {
    /** What the group takes when there is no room for `bytes` more; undefined when they fit. */
    excess(group: string, bytes: number, quotaBytes: number): number | undefined {
      const known = counted.get(group)
      const isKnown = known && (known.bytes + bytes <= quotaBytes || steadyNow() < known.heldUntil)
      const { bytes: used, heldUntil } = isKnown ? known : measure(group)
      const fits = used + bytes <= quotaBytes
      counted.delete(group)
      counted.set(group, { bytes: fits ? used + bytes : used, heldUntil })
      if (counted.size > MOST_REMEMBERED) counted.delete(counted.keys().next().value!)
      return fits ? undefined : used
    },
  }
}

export type GroupQuotas = ReturnType<typeof createGroupQuotas>
