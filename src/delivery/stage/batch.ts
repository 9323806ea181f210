import type { LogId, LogStore } from '../../engine/engine.ts'
import { type BatchPlace, type LogPiece, rangesBetween } from '../progress/repeats.ts'
import { type LogPosition, type Origin, readRange } from '../reading/log-range.ts'

/** A record as it is read from its source. */
export interface SourceRecord {
  readonly origin: Omit<Origin, 'part'>
  readonly entry: Uint8Array
}

export function rangesOf(records: readonly SourceRecord[]): LogPiece[] {
  const ranges = new Map<string, LogPiece>()
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

const keyOf = ({ group, log }: LogId) => `${group}\n${log}`
