import type { RootDatabase } from 'lmdb'
import { type Check, flag, list, maybe, number, shape, text } from '../../ports/checks.ts'
import type { Position } from '../../ports/engine.ts'
import { timeOf } from '../../shared/log-rules.ts'
import { transact } from '../metadata/database.ts'
import { numberKey, type Rows } from '../metadata/rows.ts'
import type { Log } from './log-state.ts'

const MOST_NAMED = 20

/** What a file of the log holds: kept where it is not, to be told when the file is gone. */
export interface Holdings {
  /** `GROUP/LOG`, a few of them. */
  readonly logs: readonly string[]
  readonly logCount: number
  /** Absent where nobody counted them. */
  readonly entries?: number
  readonly first: Position
  readonly last: Position
}

export const nameOf = ({ group, name }: Pick<Log, 'group' | 'name'>): string =>
  `${group.name || `a deleted stream (${group.id})`}/${name}`

/** `logs` once each. */
export function holdingsOf(
  logs: Iterable<Log> & { readonly size: number },
  rest: Pick<Holdings, 'first' | 'last' | 'entries'>,
): Holdings {
  const named: string[] = []
  for (const log of logs) {
    if (named.length === MOST_NAMED) break
    named.push(nameOf(log))
  }
  return { logs: named, logCount: logs.size, ...rest }
}

const isoOf = (position: Position) => new Date(timeOf(position)).toISOString()

/** From when to when. */
export const spanOf = (first: Position, last: Position): string => `from ${isoOf(first)} to ${isoOf(last)}`

/** `12 records of clicks/shardId-000000000000 from … to …`; `entries` says how many of them, where that is known. */
export function describe(holdings: Holdings, entries = holdings.entries): string {
  const { logs, logCount, first, last } = holdings
  const more = logCount > logs.length ? ` and ${logCount - logs.length} more` : ''
  const count = entries === undefined ? 'records' : entries === 1 ? '1 record' : `${entries} records`
  if (entries === 0) return 'no record that is known of'
  if (logCount === 0) return `records ${spanOf(first, last)}`
  if (logs.length === 0) return `${count} of ${logCount} shards ${spanOf(first, last)}`
  return `${count} of ${logs.join(', ')}${more} ${spanOf(first, last)}`
}

/** What is known of a write-ahead log beside the file itself. */
export interface WalRow {
  /** Hexadecimal; absent where the file's head could not be read when the row was made. */
  readonly marker?: string
  /** The file is at least that long from its beginning on. */
  readonly sizeBytes: number
  /** So far it was durable when this was written: at most a second ago, or at a clean stop. */
  readonly end: number
  /** A write or sync behind `end` failed: nothing there was acknowledged, and nothing follows in this file. */
  readonly isCut?: boolean
  readonly holds: Holdings
}

export interface SegmentRow {
  readonly generation: number
  readonly sizeBytes: number
  /** Of its index, which has the CRCs of all else. */
  readonly indexCrc: number
  readonly holds: Holdings
}

const holdings = shape<Holdings>({
  ...{ logs: list(text), logCount: number, entries: maybe(number), first: number, last: number },
})
const walRow = shape<WalRow>({
  ...{ marker: maybe(text), sizeBytes: number, end: number, isCut: maybe(flag), holds: holdings },
})
const segmentRow = shape<SegmentRow>({
  ...{ generation: number, sizeBytes: number, indexCrc: number, holds: holdings },
})

/** Absent rows are taken away. All of it or nothing. */
export interface ManifestChange {
  readonly wals?: ReadonlyMap<number, WalRow | undefined>
  readonly segments?: ReadonlyMap<number, SegmentRow | undefined>
}

const WALS = 'log/wal/'
const SEGMENTS = 'log/segment/'
export const walKey = (number: number): string => WALS + numberKey(number)
export const segmentKey = (number: number): string => SEGMENTS + numberKey(number)

export const isLogRow = (key: string): boolean => key.startsWith(WALS) || key.startsWith(SEGMENTS)

/**
 * Which files the log must have. A file is made and synced before it stands here, and stands here no more before it is
 * taken away: what is here must be there, and what is there without being here is what a crash left over.
 */
export function openLogManifest(root: RootDatabase, rows: Rows) {
  const listed = <T>(prefix: string, check: Check<T>) =>
    new Map(rows.list(prefix, check).map(([key, row]) => [Number(key.slice(prefix.length)), row]))
  return {
    /** Rising. */
    wals: () => listed(WALS, walRow),
    /** Rising. */
    segments: () => listed(SEGMENTS, segmentRow),
    async change({ wals = new Map(), segments = new Map() }: ManifestChange): Promise<void> {
      await transact(root, () => putManifest(rows, { wals, segments }))
    },
  }
}

/** Inside a transaction. */
export function putManifest(rows: Rows, { wals = new Map(), segments = new Map() }: ManifestChange): void {
  for (const [number, row] of wals) row ? rows.put(walKey(number), row) : rows.remove(walKey(number))
  for (const [number, row] of segments)
    row ? rows.put(segmentKey(number), row) : rows.remove(segmentKey(number))
}

export type LogManifest = ReturnType<typeof openLogManifest>

/** No position up to here may be given again when a file is lost that may have held more than its row tells. */
export const positionsOfALoss = ({ last }: Holdings): Position => last + POSITIONS_PER_SECOND

/** More than can have been given between two records of a write-ahead log's end. */
const POSITIONS_PER_SECOND = 4096 * 1000
