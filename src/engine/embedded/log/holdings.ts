import type { Position } from '../../ports/engine.ts'
import { timeOf } from '../../shared/position.ts'
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
