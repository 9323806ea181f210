import type { LogId, LogStore, Position } from '../../engine/engine.ts'
import type { SourceRecord } from './process.ts'
import { readRange } from './read-range.ts'
import { type LogPosition, OLDEST } from './source.ts'

/** A piece of a log. */
interface Range extends LogId {
  readonly from: Position
  /** Exclusive. */
  readonly to: Position
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
    const from = ranges.get(keyOf(origin))?.from ?? position
    ranges.set(keyOf(origin), { group, log, from, to: position + 1 })
  }
  return [...ranges.values()]
}

/** A batch's records once more, those of each log in their order, parents before children; what is gone is left out. */
export async function* recordsAgain(
  logs: LogStore,
  from: readonly LogPosition[],
  { to, ranges = rangesBetween(from, to) }: BatchPlace,
): AsyncGenerator<SourceRecord[]> {
  for (const range of ranges)
    for await (const entries of readRange(logs, range))
      yield entries.map(({ position, data }) => ({
        origin: { group: range.group, log: range.log, position },
        entry: data,
      }))
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
  }))
}

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`
