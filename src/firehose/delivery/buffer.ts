import type { LogEntry, LogId, Position } from '../../engine/engine.ts'
import { dataBytesOf, decodeRecord } from '../../engine/record.ts'

/** A gap-free piece of one log. */
export interface LogRange extends LogId {
  readonly from: Position
  /** Exclusive. */
  readonly to: Position
  readonly records: number
  /** Of data, before compression. */
  readonly bytes: number
}

/** What waits to become one object: where it lies, never the records themselves. */
export interface BufferContent {
  readonly ranges: readonly LogRange[]
  readonly records: number
  readonly bytes: number
  /** As AWS bills it: each record rounded up to 5 KiB. */
  readonly billedBytes: number
  /** When the first record arrived, ms since 1970; Infinity while empty. */
  readonly oldestArrival: number
}

export interface Hints {
  readonly sizeBytes: number
  readonly intervalMs: number
}

const BILLING_STEP_BYTES = 5 * 1024
export const billedBytesOf = (bytes: number) => Math.ceil(bytes / BILLING_STEP_BYTES) * BILLING_STEP_BYTES

export function createBuffer() {
  let ranges = new Map<string, LogRange>()
  let totals = emptyTotals()
  return {
    /**
     * Takes entries that follow what it has of this log, until `sizeBytes` of data are reached.
     * Returns how many it took.
     */
    take(id: LogId, entries: readonly LogEntry[], sizeBytes: number): number {
      let taken = 0
      let bytes = 0
      let billedBytes = 0
      for (; taken < entries.length && totals.bytes + bytes < sizeBytes; taken++) {
        const recordBytes = dataBytesOf(entries[taken]!.data)
        bytes += recordBytes
        billedBytes += billedBytesOf(recordBytes)
      }
      if (taken === 0) return 0
      const key = JSON.stringify([id.group, id.log])
      const range = ranges.get(key)
      ranges.set(key, {
        ...id,
        from: range?.from ?? entries[0]!.position,
        to: entries[taken - 1]!.position + 1,
        records: (range?.records ?? 0) + taken,
        bytes: (range?.bytes ?? 0) + bytes,
      })
      totals = {
        records: totals.records + taken,
        bytes: totals.bytes + bytes,
        billedBytes: totals.billedBytes + billedBytes,
        oldestArrival: Math.min(totals.oldestArrival, decodeRecord(entries[0]!.data).arrivalTime),
      }
      return taken
    },
    content: (): BufferContent => ({ ranges: [...ranges.values()], ...totals }),
    totals: (): Omit<BufferContent, 'ranges'> => totals,
    clear(): void {
      ranges = new Map()
      totals = emptyTotals()
    },
  }
}

const emptyTotals = () => ({ records: 0, bytes: 0, billedBytes: 0, oldestArrival: Number.POSITIVE_INFINITY })

/** When the interval ends; Infinity while the buffer is empty. */
export const dueAt = (
  { oldestArrival }: Pick<BufferContent, 'oldestArrival'>,
  { intervalMs }: Hints,
): number => oldestArrival + intervalMs

/** Why the buffer is to be delivered at `now`, if it is. */
export function reasonAt(
  content: Omit<BufferContent, 'ranges'>,
  hints: Hints,
  now: number,
): 'size' | 'interval' | undefined {
  if (content.records === 0) return undefined
  if (content.bytes >= hints.sizeBytes) return 'size'
  return now >= dueAt(content, hints) ? 'interval' : undefined
}

/** Which hint fires first if records go on arriving as they did so far. */
export function firesFirst(
  content: Omit<BufferContent, 'ranges'>,
  hints: Hints,
  now: number,
): 'size' | 'interval' | undefined {
  if (content.records === 0) return undefined
  const ofInterval = (now - content.oldestArrival) / hints.intervalMs
  return content.bytes / hints.sizeBytes > ofInterval ? 'size' : 'interval'
}
