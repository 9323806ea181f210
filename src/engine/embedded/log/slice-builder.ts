import type { LogEntry } from '../../ports/engine.ts'

/** Collects entries until a limit is met; always takes the first. */
export function createSliceBuilder(limits: { entries: number; bytes: number }) {
  const entries: LogEntry[] = []
  let bytes = 0
  let full = limits.entries < 1
  let isShort = false
  return {
    entries,
    isFull: () => full,
    /** Something between the entries is not there. */
    leaveOut(): void {
      isShort = true
    },
    isShort: () => isShort,
    bytesLeft: () => Math.max(0, limits.bytes - bytes),
    /** Takes entries as long as there is room. */
    fill(from: Iterable<LogEntry>): void {
      for (const entry of from) {
        full ||= entries.length > 0 && bytes + entry.data.length > limits.bytes
        if (full) return
        entries.push(entry)
        bytes += entry.data.length
        full = entries.length >= limits.entries || bytes >= limits.bytes
      }
    },
  }
}

export type SliceBuilder = ReturnType<typeof createSliceBuilder>
