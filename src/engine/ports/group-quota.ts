import type { LogStore } from './engine.ts'

/** Groups that are remembered: only those that have a quota. */
const MOST_REMEMBERED = 10_000

/**
 * Whether groups of a log may take more. Counts what it lets in, and measures a group when that seems to have become too
 * much: what was trimmed or has aged meanwhile is room again.
 */
export function createGroupQuotas(logs: Pick<LogStore, 'bytesOf'>) {
  const counted = new Map<string, number>()
  return {
    /** What the group takes when there is no room for `bytes` more; undefined when they fit. */
    excess(group: string, bytes: number, quotaBytes: number): number | undefined {
      const known = counted.get(group)
      const used = known === undefined || known + bytes > quotaBytes ? logs.bytesOf(group) : known
      const fits = used + bytes <= quotaBytes
      counted.delete(group)
      counted.set(group, fits ? used + bytes : used)
      if (counted.size > MOST_REMEMBERED) counted.delete(counted.keys().next().value!)
      return fits ? undefined : used
    },
  }
}

export type GroupQuotas = ReturnType<typeof createGroupQuotas>
