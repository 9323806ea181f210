import {
  isEngineError,
  type LogEntry,
  type LogId,
  type LogStore,
  type MetadataStore,
} from '../../engine/ports/engine.ts'
import { dataBytesOf, decodeRecord } from '../../engine/ports/record.ts'
import { type LogPosition, type LogRange, logKeyOf, readRange } from '../reading/log-range.ts'
import {
  behind,
  type Counts,
  countsDocument,
  cutBy,
  few,
  furthest,
  type Gap,
  goneOf,
  isKnownIn,
  placeOf,
  sumOf,
  withPiece,
} from './counts.ts'
import { createIntake, type IntakeOptions } from './intake.ts'

/** How much is read for counting in one turn of a line, or hardly more: who wants its turn waits so long. */
const LOOK_BYTES = 64 * 2 ** 20

export interface AheadOptions
  extends Pick<IntakeOptions, 'logs' | 'now' | 'streams' | 'streamArn' | 'mayRead' | 'signal'> {
  readonly metadata: MetadataStore
  /** Of the line. */
  readonly id: string
  /** What is behind them is counted: the line's durable ones. */
  readonly positions: readonly LogPosition[]
}

/** Counting at work. */
interface Held extends AheadOptions {
  /** Absent until somebody wants to know. */
  counts?: Counts | undefined
  durable: readonly LogPosition[]
  isKept: boolean
  /** The last turn ended before everything was counted. */
  hasMore: boolean
}

/** What of a gap was counted before it was gone; `isWhole`: that is all of it. */
export interface CountedGap {
  readonly gone?: LogRange
  readonly isWhole: boolean
}

/**
 * Counts what a line has no room for while its destination fails, so that it is known how much waits, and of what has
 * expired how much it was. Of a stream that is durable: who counts after a restart could find it expired.
 */
export function createAhead(options: AheadOptions) {
  const held: Held = { ...options, durable: options.positions, isKept: false, hasMore: false }
  return {
    /** Counts what has come in, or some of it: then there is more. */
    look: async (): Promise<void> => void (await countOn(held)),
    hasMore: () => held.hasMore,
    /** What was counted and is in no batch; undefined where nobody has counted. */
    waiting: () => (held.counts?.pieces.length ? sumOf(held.counts.pieces) : undefined),
    /** Whether something is known to have been there that was not read. */
    expects: async (gap: Gap): Promise<boolean> => isKnownIn((await countsOf(held)).pieces, gap),
    /** Of what the line has from that log `buffered` is in no batch, be it there or gone. */
    gapOf: (gap: Gap, buffered: readonly LogRange[]) => gapOf(held, gap, buffered),
    /** The line stands at `after`, and has taken that since it stood where it was before. */
    async moved(after: readonly LogPosition[], taken: readonly LogRange[]): Promise<void> {
      try {
        await move(held, after, taken)
      } catch {
        // What is kept is counted again from there when somebody wants to know.
        held.counts = undefined
      }
      held.durable = after
    },
  }
}

export type Ahead = ReturnType<typeof createAhead>

const keyOf = ({ id }: Held) => countsDocument.keys + id

/** What was counted, in an earlier life too, as far as it is still ahead. */
async function countsOf(held: Held): Promise<Counts> {
  if (held.counts) return held.counts
  const { metadata, logs, durable, streamArn } = held
  const kept = streamArn === undefined ? undefined : (await countsDocument.get(metadata, keyOf(held)))?.value
  held.isKept = kept !== undefined
  const pieces: LogRange[] = []
  for (const one of kept?.pieces ?? []) {
    const at = placeOf(one, durable)
    if (at === 'behind') pieces.push(one)
    else if (at !== 'before')
      pieces.push({ ...one, from: at.next, ...(await countOf(logs, { ...one, from: at.next })) })
  }
  const { positions = [], gaps = [] } = kept ?? {}
  held.counts = { pieces, positions: furthest(positions, durable), gaps }
  return held.counts
}

/** At least as far as to the end of `gap`. */
async function countOn(held: Held, gap?: Gap): Promise<Counts> {
  const before = await countsOf(held)
  let { pieces } = before
  const gaps = new Set(before.gaps)
  let bytes = 0
  const intake = createIntake({
    ...held,
    positions: before.positions,
    take(id, entries) {
      if (entries.length === 0) return 0
      const more = pieceOf(id, entries)
      bytes += more.bytes
      pieces = withPiece(pieces, more)
      return entries.length
    },
    missed: async (log) => void gaps.add(logKeyOf(log)),
    isFull: () => bytes >= LOOK_BYTES && isThrough(intake.positions(), gap),
    wake: () => undefined,
  })
  intake.expectAll()
  await intake.fill()
  held.hasMore = bytes >= LOOK_BYTES
  const isSame = pieces === before.pieces && gaps.size === before.gaps.length
  held.counts = { pieces: few(pieces), positions: intake.positions(), gaps: [...gaps] }
  if (!isSame) await keep(held)
  return held.counts
}

/** Without room for it on the disk it is known as long as the process lives. */
async function keep(held: Held): Promise<void> {
  const { counts, metadata, streamArn } = held
  if (streamArn === undefined || !counts) return
  const isWanted = counts.pieces.length > 0
  if (!isWanted && !held.isKept) return
  const key = keyOf(held)
  try {
    await metadata.commit([isWanted ? { put: key, value: counts } : { delete: key }])
    held.isKept = isWanted
  } catch (error) {
    if (!isEngineError(error, 'StorageFull')) throw error
  }
}

async function move(held: Held, after: readonly LogPosition[], taken: readonly LogRange[]): Promise<void> {
  const { pieces, positions, gaps } = await countsOf(held)
  const left = behind(pieces, after, taken)
  if (left.length === 0) held.hasMore = false
  held.counts = left.length > 0 ? { pieces: left, positions: furthest(positions, after), gaps } : undefined
  if (held.counts) return await keep(held)
  if (held.isKept) await held.metadata.commit([{ delete: keyOf(held) }])
  held.isKept = false
}

async function gapOf(held: Held, gap: Gap, buffered: readonly LogRange[]): Promise<CountedGap> {
  const { pieces, gaps } = await countOn(held, gap)
  const cut = cutBy(pieces, gap)
  const left = cut ? await countOf(held.logs, { ...cut, from: gap.to }) : { records: 0, bytes: 0 }
  const own = buffered.filter((range) => logKeyOf(range) === logKeyOf(gap))
  const gone = goneOf(pieces, gap, { held: own, left })
  // From where the line stands all was counted that was there to be read.
  return { ...(gone && { gone }), isWhole: !gaps.includes(logKeyOf(gap)) }
}

function isThrough(positions: readonly LogPosition[], gap: Gap | undefined): boolean {
  const own = gap && positions.find((position) => logKeyOf(position) === logKeyOf(gap))
  return !own || own.done === true || own.next >= gap.to
}

function pieceOf({ group, log }: LogId, entries: readonly LogEntry[]): LogRange {
  const [first, last] = [entries[0]!, entries.at(-1)!]
  return {
    ...{ group, log, from: first.position, to: last.position + 1 },
    records: entries.length,
    bytes: entries.reduce((sum, { data }) => sum + dataBytesOf(data), 0),
    firstArrival: decodeRecord(first.data).arrivalTime,
    lastArrival: decodeRecord(last.data).arrivalTime,
  }
}

async function countOf(logs: LogStore, range: Pick<LogRange, 'group' | 'log' | 'from' | 'to'>) {
  const sum = { records: 0, bytes: 0 }
  for await (const entries of readRange(logs, range)) {
    sum.records += entries.length
    for (const { data } of entries) sum.bytes += dataBytesOf(data)
  }
  return sum
}
