import type { LogId, LogStore, Position } from '../../engine/engine.ts'
import { decodeRecord } from '../../engine/record.ts'

const SCAN = { entries: 100, bytes: 2 ** 20 }

/** The first record that arrived at or after `time` (ms since 1970), or where it will be. */
export async function seekArrivalTime(logs: LogStore, id: LogId, time: number): Promise<Position> {
  // The engine finds by the time of the append, which is never before the arrival: nothing is skipped, and what
  // arrived before `time` but was appended after it lies at the front.
  let from = await logs.seek(id, { time })
  for (;;) {
    const { entries, next, atTip } = await logs.read(id, from, SCAN)
    const found = entries.find(({ data }) => decodeRecord(data).arrivalTime >= time)
    if (found) return found.position
    if (atTip) return next
    from = next
  }
}
