import type { LogId, LogStore, Position } from '../../engine/engine.ts'
import { type LogPosition, OLDEST } from '../progress/source.ts'
import { readRange } from '../reading/range.ts'
import type { SourceRecord } from './process.ts'

/** A piece of a log. */
interface Range extends LogId {
  readonly from: Position
  /** Exclusive. */
  readonly to: Position
  readonly records: number
}

export interface BatchPlace {
  /** Where reading goes on behind it. */
  readonly to: readonly LogPosition[]
  /** What it read, also of shards that it began and ended; absent in what former versions left. */
  readonly ranges?: readonly Range[]
}

export function rangesOf(records: readonly SourceRecord[]): Range[] {
  const ranges = new Map<string, Range>()
  for (const { origin } of records) {
    const { group, log, position } = origin
    const { from = position, records: before = 0 } = ranges.get(keyOf(origin)) ?? {}
    ranges.set(keyOf(origin), { group, log, from, to: position + 1, records: before + 1 })
  }
  return [...ranges.values()]
}

/**
 * A batch's records once more, those of each log in their order, parents before children. What is gone is left out, and
 * `missed`, since nobody knows any more whether it came through before.
 */
export async function* recordsAgain(
  logs: LogStore,
  from: readonly LogPosition[],
  { to, ranges = rangesBetween(from, to) }: BatchPlace,
  missed: (log: LogId) => Promise<void>,
): AsyncGenerator<SourceRecord[]> {
  for (const range of ranges) {
    let found = 0
    for await (const entries of readRange(logs, range)) {
      found += entries.length
      yield entries.map(({ position, data }) => ({
        origin: { group: range.group, log: range.log, position },
        entry: data,
      }))
    }
    if (found < range.records) await missed(range)
  }
}

/** A log that is in `from` alone was read to its end. */
export function rangesBetween(from: readonly LogPosition[], to: readonly LogPosition[]): Range[] {
  const ends = new Map(to.map((position) => [keyOf(position), position.next]))
  const starts = new Map(from.map((position) => [keyOf(position), position.next]))
  return [...from, ...to.filter((one) => !starts.has(keyOf(one)))].map((position) => ({
    group: position.group,
    log: position.log,
    from: starts.get(keyOf(position)) ?? OLDEST,
    to: ends.get(keyOf(position)) ?? Number.POSITIVE_INFINITY,
    // Former versions did not count.
    records: 0,
  }))
}

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`
