import { list, number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { LogId, Position } from '../../engine/ports/engine.ts'
import { type LogPosition, type LogRange, logKeyOf, logPosition } from '../reading/log-range.ts'

/** What waits behind a line's durable positions, counted before anybody has room for it. */
export interface Counts {
  /** Of each log in their order, without gaps between them. */
  readonly pieces: readonly LogRange[]
  /** How far it is counted. */
  readonly positions: readonly LogPosition[]
  /** Of these something was gone before it was counted. */
  readonly gaps: readonly string[]
}

const piece = shape<LogRange>({
  ...{ group: text, log: text, from: number, to: number, records: number, bytes: number },
  ...{ firstArrival: number, lastArrival: number },
})

/** Kept while a destination fails, so that what expires is known by its number after a restart as well. */
export const countsDocument = document<Counts>({
  keys: 'firehose/counts/',
  version: 1,
  check: shape<Counts>({ pieces: list(piece), positions: list(logPosition), gaps: list(text) }),
})

/** A piece holds what arrived within this time and is no larger, or more where there would be too many. */
const PIECE_MS = 3_600_000
const PIECE_BYTES = 64 * 2 ** 20
/** Of all logs together: what is counted is small, however long it waits. */
const MOST_PIECES = 2000

const isOf =
  (id: LogId) =>
  (other: LogId): boolean =>
    other.group === id.group && other.log === id.log

export function withPiece(pieces: readonly LogRange[], more: LogRange): LogRange[] {
  const at = pieces.findLastIndex(isOf(more))
  const last = pieces[at]
  const hourOf = (time: number) => Math.floor(time / PIECE_MS)
  const isSmall = last && last.bytes + more.bytes <= PIECE_BYTES
  if (isSmall && hourOf(last.firstArrival) === hourOf(more.firstArrival))
    return pieces.with(at, joined(last, more))
  return [...pieces, more]
}

/** Few enough to be kept: two neighbours of a log become one, the oldest first. */
export function few(pieces: readonly LogRange[], most = MOST_PIECES): LogRange[] {
  if (pieces.length <= most) return [...pieces]
  return [...Map.groupBy(pieces, logKeyOf).values()].flatMap((own) =>
    own.flatMap((one, index) => {
      if (index % 2 === 1) return []
      const next = own[index + 1]
      return [next ? joined(one, next) : one]
    }),
  )
}

const joined = (one: LogRange, next: LogRange): LogRange => ({
  ...one,
  to: next.to,
  records: one.records + next.records,
  bytes: one.bytes + next.bytes,
  lastArrival: next.lastArrival,
})

/** What is left of them when a line stands at `after`, and has taken `taken` of what it had before it. */
export function behind(
  pieces: readonly LogRange[],
  after: readonly LogPosition[],
  taken: readonly LogRange[],
): LogRange[] {
  const sums = new Map([...Map.groupBy(taken, logKeyOf)].map(([key, ranges]) => [key, sumOf(ranges)]))
  return pieces.flatMap((one) => {
    const key = logKeyOf(one)
    const at = placeOf(one, after)
    if (at === 'before') {
      sums.set(key, minus(sums.get(key) ?? NOTHING, one))
      return []
    }
    return at === 'behind' ? [one] : [{ ...one, ...minus(one, sums.get(key) ?? NOTHING), from: at.next }]
  })
}

/** Whether a reader is through with a piece, or is yet to come to it, or stands in it. */
export function placeOf(one: LogRange, after: readonly LogPosition[]): 'before' | 'behind' | LogPosition {
  const position = after.find(isOf(one))
  // A reader names all shards but those that it is through with, and those that are newer than all it has seen.
  if (!position) return isNewer(one, after) ? 'behind' : 'before'
  if (position.done || one.to <= position.next) return 'before'
  return one.from >= position.next ? 'behind' : position
}

/** Logs of a group are named in the order of their age. */
const isNewer = ({ group, log }: LogId, others: readonly LogPosition[]): boolean =>
  others.some((other) => other.group === group) &&
  others.every((other) => other.group !== group || other.log < log)

/** Counting goes on where it was, or where the reader is if that is further. */
export function furthest(counted: readonly LogPosition[], after: readonly LogPosition[]): LogPosition[] {
  const unseen = after.filter((position) => !counted.some(isOf(position)) && !isPassed(position, counted))
  return [...counted.map((position) => later(position, after.find(isOf(position)))), ...unseen]
}

const later = (position: LogPosition, other: LogPosition | undefined): LogPosition =>
  other && other.next > position.next ? other : position

const isPassed = (position: LogPosition, counted: readonly LogPosition[]): boolean =>
  counted.some(({ group }) => group === position.group) && !isNewer(position, counted)

export interface Sum {
  readonly records: number
  readonly bytes: number
}
const NOTHING: Sum = { records: 0, bytes: 0 }

export const sumOf = (ranges: readonly Sum[]): Sum =>
  ranges.reduce(
    (sum, { records, bytes }) => ({ records: sum.records + records, bytes: sum.bytes + bytes }),
    NOTHING,
  )

const minus = (one: Sum, other: Sum): Sum => ({
  records: Math.max(0, one.records - other.records),
  bytes: Math.max(0, one.bytes - other.bytes),
})

/** Where it is looked for what is gone: it can be read from `to` on, and was to be read from `from` on. */
export interface Gap extends LogId {
  readonly from: Position
  readonly to: Position
}

/**
 * What is gone of a gap, when `held` of the log was taken since the pieces begin, and `left` of the piece in which the
 * gap ends can be read. Undefined where nothing was counted.
 */
export function goneOf(
  pieces: readonly LogRange[],
  gap: Gap,
  { held, left }: { readonly held: readonly Sum[]; readonly left: Sum },
): LogRange | undefined {
  const own = pieces.filter(isOf(gap)).filter(({ from }) => from < gap.to)
  const last = own.at(-1)
  if (!last) return undefined
  const isCut = last.to > gap.to
  const { records, bytes } = minus(minus(sumOf(own), isCut ? left : NOTHING), sumOf(held))
  if (records === 0) return undefined
  const within = own.filter(({ to }) => to > gap.from)
  return {
    ...{ group: gap.group, log: gap.log, from: gap.from, to: Math.min(last.to, gap.to), records, bytes },
    firstArrival: Math.min(...within.map(({ firstArrival }) => firstArrival)),
    lastArrival: last.lastArrival,
  }
}

/** Whether a record is known to lie in a gap: the first or the last of a piece. */
export const isKnownIn = (pieces: readonly LogRange[], gap: Gap): boolean =>
  pieces.filter(isOf(gap)).some(({ from, to }) => isWithin(gap, from) || isWithin(gap, to - 1))

const isWithin = ({ from, to }: Gap, position: Position): boolean => from <= position && position < to

/** The piece in which a gap ends, if it goes on behind it. */
export const cutBy = (pieces: readonly LogRange[], gap: Gap): LogRange | undefined =>
  pieces.filter(isOf(gap)).find(({ from, to }) => from < gap.to && to > gap.to)
