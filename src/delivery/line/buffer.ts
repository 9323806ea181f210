import type { LogEntry, LogId, Position } from '../../engine/ports/engine.ts'
import { arrivalTimeOf } from '../../engine/ports/record.ts'
import type { Hints } from '../job.ts'
import { billedBytesOf, type Content, type LogRange, type Origin } from '../reading/log-range.ts'
import type { Reading } from '../reading/reading.ts'
import { createSeen } from '../reading/seen.ts'

export type BufferTotals = Omit<Content, 'ranges' | 'origins' | 'seen'>

export interface BufferOptions {
  readonly reading: Reading
  /** Given for a log that a stage fills: the last of each source that came before. */
  readonly seen?: readonly Origin[] | undefined
  /** Put after every record: counts, as it is part of the object. */
  readonly delimiterBytes?: () => number
}

export function createBuffer({ reading, seen: before, delimiterBytes = () => 0 }: BufferOptions) {
  const seen = before && createSeen(before)
  let seenBefore = before ?? []
  let ranges = new Map<string, LogRange>()
  let origins = new Map<string, LogRange>()
  let totals = emptyTotals()

  /** The bytes of an entry that is for this outlet and was not seen before. */
  function weigh(id: LogId, { position, data }: LogEntry, arrival: number): number | undefined {
    const origin = seen && reading.originOf(data, id, position)
    if (seen && !(origin && seen.isNew(origin))) return undefined
    const bytes = reading.bytesOf(data)
    if (origin) extend(origins, origin, pieceOf(origin.position, arrival, bytes))
    return bytes
  }

  return {
    /**
     * Takes entries that follow what it has of this log, until `sizeBytes` of data are reached.
     * Returns how many it took.
     */
    take(id: LogId, entries: readonly LogEntry[], sizeBytes: number): number {
      const delimiter = delimiterBytes()
      let { records, bytes, billedBytes, oldestArrival } = totals
      let [taken, data] = [0, 0]
      let [firstArrival, lastArrival] = [0, 0]
      for (; taken < entries.length && bytes < sizeBytes; taken++) {
        const entry = entries[taken]!
        lastArrival = arrivalTimeOf(entry.data)
        if (taken === 0) firstArrival = lastArrival
        const size = weigh(id, entry, lastArrival)
        if (size === undefined) continue
        records++
        data += size
        bytes += size + delimiter
        billedBytes += billedBytesOf(size)
        oldestArrival = Math.min(oldestArrival, lastArrival)
      }
      if (taken === 0) return 0
      const [from, to] = [entries[0]!.position, entries[taken - 1]!.position + 1]
      const own = { from, to, records: records - totals.records, bytes: data, firstArrival, lastArrival }
      extend(ranges, id, own)
      totals = { records, bytes, billedBytes, oldestArrival }
      return taken
    },
    content: (): Content => ({
      ranges: [...ranges.values()],
      ...(seen && { origins: [...origins.values()], seen: { before: seenBefore, after: seen.list() } }),
      ...totals,
    }),
    totals: (): BufferTotals => totals,
    /** The last of each source, where that is kept. */
    seen: (): readonly Origin[] => seen?.list() ?? [],
    /** From the next content on. */
    forget: (sources: readonly LogId[]): void => seen?.forget(sources),
    clear(): void {
      ranges = new Map()
      origins = new Map()
      totals = emptyTotals()
      if (seen) seenBefore = seen.list()
    },
  }
}

export type Buffer = ReturnType<typeof createBuffer>

type Piece = Omit<LogRange, keyof LogId>

const pieceOf = (position: Position, arrival: number, bytes: number): Piece => ({
  ...{ from: position, to: position + 1, records: 1, bytes, firstArrival: arrival, lastArrival: arrival },
})

function extend(ranges: Map<string, LogRange>, { group, log }: LogId, piece: Piece): void {
  const key = `${group}\n${log}`
  const range = ranges.get(key)
  ranges.set(key, {
    group,
    log,
    from: range?.from ?? piece.from,
    to: piece.to,
    records: (range?.records ?? 0) + piece.records,
    bytes: (range?.bytes ?? 0) + piece.bytes,
    firstArrival: range?.firstArrival ?? piece.firstArrival,
    lastArrival: piece.lastArrival,
  })
}

const emptyTotals = (): BufferTotals => ({
  records: 0,
  bytes: 0,
  billedBytes: 0,
  oldestArrival: Number.POSITIVE_INFINITY,
})

/** When the interval ends; Infinity while the buffer is empty. */
export const dueAt = ({ oldestArrival }: Pick<Content, 'oldestArrival'>, { intervalMs }: Hints): number =>
  oldestArrival + intervalMs

/** Why the buffer is to be delivered at `now`, if it is. */
export function reasonAt(content: BufferTotals, hints: Hints, now: number): 'size' | 'interval' | undefined {
  if (content.records === 0) return undefined
  if (content.bytes >= hints.sizeBytes) return 'size'
  return now >= dueAt(content, hints) ? 'interval' : undefined
}

/** Which hint fires first if records go on arriving as they did so far. */
export function firesFirst(
  content: BufferTotals,
  hints: Hints,
  now: number,
): 'size' | 'interval' | undefined {
  if (content.records === 0) return undefined
  const ofInterval = (now - content.oldestArrival) / hints.intervalMs
  return content.bytes / hints.sizeBytes > ofInterval ? 'size' : 'interval'
}
