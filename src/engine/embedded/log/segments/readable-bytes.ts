import { type StoredBlock, storedBytesOf } from '../frame.ts'
import { firstIndex, floorOf, type Log, type Run, rowAt } from '../log-state.ts'

export function readableBytesOf(logs: Iterable<Log>, now: number): number {
  let bytes = 0
  for (const log of logs) bytes += bytesOf(log, now)
  return bytes
}

/** How many bytes of a log can be read: told by the segments' indexes and by what is in memory, without reading any. */
function bytesOf(log: Log, now: number): number {
  const floor = floorOf(log, now)
  let bytes = 0
  for (const run of log.runs)
    if (run.last >= floor) bytes += bytesFrom(run, floor <= firstOf(run) ? run.row : rowAt(run, floor))
  const { tail } = log
  const isReadable = ({ first, count }: StoredBlock) => first + count > floor
  for (let index = firstIndex(tail.length, (at) => isReadable(tail[at]!)); index < tail.length; index++)
    bytes += storedBytesOf(tail[index]!)
  return bytes
}

const firstOf = ({ segment, row }: Run) => segment.chunks.firsts[row]!

/** From a row to the end of its run: the chunks of a run follow one another in the file. */
function bytesFrom({ segment: { chunks }, row, rows }: Run, from: number): number {
  const last = row + rows - 1
  return chunks.offsets[last]! + chunks.lengths[last]! - chunks.offsets[from]!
}
