import type { LogEntry, LogId, Position } from '../../engine/ports/engine.ts'
import { arrivalTimeOf } from '../../engine/ports/record.ts'
import type { Hints } from '../job.ts'
import { billedBytesOf, type Content, type LogRange, logKeyOf, type Origin } from '../reading/log-range.ts'
import type { Reading } from '../reading/reading.ts'

export type BufferTotals = Omit<Content, 'ranges' | 'origins' | 'seen'>

export interface BufferOptions {
  readonly reading: Reading
  /** Given for a log that a stage fills: the last of each source that came before. */
  readonly seen?: readonly Origin[] | undefined
  /** Put after every record: counts, as it is part of the object. */
  readonly delimiterBytes?: () => number
}

/** A buffer at work. */
interface Held {
  readonly reading: Reading
  readonly delimiterBytes: () => number
  /** Where the outlet's log is a stage's. */
  readonly seen: Seen | undefined
  waiting: Waiting
}

/** What is in the buffer. */
interface Waiting {
  readonly ranges: Map<string, LogRange>
  readonly origins: Map<string, LogRange>
  /** The last of each source before it. */
  readonly seenBefore: readonly Origin[]
  totals: BufferTotals
}

export function createBuffer({ reading, seen: before, delimiterBytes = () => 0 }: BufferOptions) {
  const seen = before && createSeen(before)
  const held: Held = { reading, delimiterBytes, seen, waiting: nothingBehind(seen) }
  return {
    /**
     * Takes entries that follow what it has of this log, until `sizeBytes` of data are reached.
     * Returns how many it took.
     */
    take: (id: LogId, entries: readonly LogEntry[], sizeBytes: number) => take(held, id, entries, sizeBytes),
    /** What would have been taken and is gone: it is named with what is in the buffer. */
    lose(range: LogRange): void {
      const { totals } = held.waiting
      held.waiting.totals = { ...totals, gone: [...(totals.gone ?? []), range] }
    },
    content: () => contentOf(held),
    totals: (): BufferTotals => held.waiting.totals,
    /** The last of each source, where that is kept. */
    seen: (): readonly Origin[] => seen?.list() ?? [],
    /** From the next content on. */
    forget: (sources: readonly LogId[]): void => seen?.forget(sources),
    clear(): void {
      held.waiting = nothingBehind(seen)
    },
  }
}

export type Buffer = ReturnType<typeof createBuffer>

const nothingBehind = (seen: Seen | undefined): Waiting => ({
  ...{ ranges: new Map(), origins: new Map(), seenBefore: seen?.list() ?? [] },
  totals: { records: 0, bytes: 0, billedBytes: 0, oldestArrival: Number.POSITIVE_INFINITY },
})

function take(held: Held, id: LogId, entries: readonly LogEntry[], sizeBytes: number): number {
  const { waiting } = held
  const delimiter = held.delimiterBytes()
  let { records, bytes, billedBytes, oldestArrival } = waiting.totals
  let [taken, data] = [0, 0]
  let [firstArrival, lastArrival] = [0, 0]
  for (; taken < entries.length && bytes < sizeBytes; taken++) {
    const entry = entries[taken]!
    lastArrival = arrivalTimeOf(entry.data)
    if (taken === 0) firstArrival = lastArrival
    const size = weigh(held, id, entry, lastArrival)
    if (size === undefined) continue
    records++
    data += size
    bytes += size + delimiter
    billedBytes += billedBytesOf(size)
    oldestArrival = Math.min(oldestArrival, lastArrival)
  }
  if (taken === 0) return 0
  const [from, to] = [entries[0]!.position, entries[taken - 1]!.position + 1]
  const own = { from, to, records: records - waiting.totals.records, bytes: data, firstArrival, lastArrival }
  extend(waiting.ranges, id, own)
  waiting.totals = { ...waiting.totals, records, bytes, billedBytes, oldestArrival }
  return taken
}

/** The bytes of an entry that is for this outlet and was not seen before. */
function weigh(
  { reading, seen, waiting }: Held,
  id: LogId,
  { position, data }: LogEntry,
  arrival: number,
): number | undefined {
  const origin = seen && reading.originOf(data, id, position)
  if (seen && !(origin && seen.isNew(origin))) return undefined
  const bytes = reading.bytesOf(data)
  if (origin) extend(waiting.origins, origin, pieceOf(origin.position, arrival, bytes))
  return bytes
}

function contentOf({ seen, waiting: { ranges, origins, seenBefore, totals } }: Held): Content {
  return {
    ranges: [...ranges.values()],
    ...(seen && { origins: [...origins.values()], seen: { before: seenBefore, after: seen.list() } }),
    ...totals,
    oldestArrival: Math.min(totals.oldestArrival, arrivalOf(totals.records === 0 ? totals.gone : [])),
  }
}

const arrivalOf = (gone: readonly LogRange[] = []) =>
  Math.min(...gone.map(({ firstArrival }) => firstArrival))

type Piece = Omit<LogRange, keyof LogId>

const pieceOf = (position: Position, arrival: number, bytes: number): Piece => ({
  ...{ from: position, to: position + 1, records: 1, bytes, firstArrival: arrival, lastArrival: arrival },
})

function extend(ranges: Map<string, LogRange>, id: LogId, piece: Piece): void {
  const { group, log } = id
  const key = logKeyOf(id)
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

/** When the interval ends; Infinity while the buffer is empty. */
export const dueAt = ({ oldestArrival }: Pick<Content, 'oldestArrival'>, { intervalMs }: Hints): number =>
  oldestArrival + intervalMs

/** Why the buffer is to be delivered at `now`, if it is. */
export function reasonAt(content: BufferTotals, hints: Hints, now: number): 'size' | 'interval' | undefined {
  if (content.records === 0) return content.gone ? 'interval' : undefined
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

/**
 * The last record that came from each source. A stage that starts over may put records into a log a second time;
 * since it keeps their order, what does not come after the last one was seen before. A source is remembered for as
 * long as that may happen: whoever keeps this says when it is over.
 */
export function createSeen(origins: readonly Origin[] = []) {
  const last = new Map(origins.map((origin) => [logKeyOf(origin), origin]))
  return {
    /** Whether it is new; remembers it. */
    isNew(origin: Origin): boolean {
      const key = logKeyOf(origin)
      const before = last.get(key)
      if (before && !isAfter(origin, before)) return false
      last.set(key, origin)
      return true
    },
    /** Of sources of which nothing can come any more. */
    forget(sources: readonly LogId[]): void {
      for (const source of sources) last.delete(logKeyOf(source))
    },
    list: (): Origin[] => [...last.values()],
  }
}

type Seen = ReturnType<typeof createSeen>

const isAfter = (origin: Origin, before: Origin): boolean =>
  origin.position > before.position || (origin.position === before.position && origin.part > before.part)
