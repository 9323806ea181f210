import type { LogEntry, Position } from '../../../ports/engine.ts'
import { entriesOf } from '../frame.ts'
import { floorOf, type Log, type Run, rowAt, type Segment } from '../log-state.ts'
import {
  CHUNK_BYTES,
  chunkBytesOf,
  countEntries,
  encodeChunk,
  isWholeChunk,
  readChunks,
  type SegmentReading,
} from './chunks.ts'
import type { SegmentWriter } from './segment-writer.ts'

/** The first row of a run that still holds something readable; the row behind the run when none does. */
export const liveRowOf = (run: Run, now: number): number => {
  const floor = floorOf(run.log, now)
  return run.last < floor ? run.row + run.rows : rowAt(run, floor)
}

/** An entry of a run that can be read no more, as far as its index tells; -1 when there is none. */
export const lastGoneOf = (run: Run, now: number): Position => {
  const liveRow = liveRowOf(run, now)
  if (liveRow === run.row + run.rows) return run.last
  return liveRow > run.row ? run.segment.chunks.firsts[liveRow - 1]! : -1
}

/** What becomes of a segment: gone when nothing in it can be read, rewritten when most of it cannot. */
export function verdictOf({ runs, chunks }: Segment, now: number): 'keep' | 'rewrite' | 'drop' {
  let stored = 0
  let live = 0
  for (const run of runs) {
    const end = run.row + run.rows
    const liveRow = liveRowOf(run, now)
    for (let row = run.row; row < end; row++) {
      stored += chunks.lengths[row]!
      if (row >= liveRow) live += chunks.lengths[row]!
    }
  }
  if (live === 0) return 'drop'
  return live * 2 < stored ? 'rewrite' : 'keep'
}

/** What can still be read goes over as it is, with its CRC: damage stays damage, and is said. */
export async function copyLive(
  segment: Segment,
  { files, damage }: SegmentReading,
  writer: SegmentWriter,
  now: number,
): Promise<void> {
  const { firsts, lengths, crcs } = segment.chunks
  for (const run of segment.runs) {
    for (let row = liveRowOf(run, now); row < run.row + run.rows; row++) {
      const [found = Buffer.alloc(0)] = await readChunks(files, segment, row, row + 1)
      const isWhole = isWholeChunk(segment, row, found)
      if (!isWhole) damage.found(run, row)
      const entries = isWhole ? countEntries(found) : undefined
      const chunk = { first: firsts[row]!, sizeBytes: lengths[row]!, entries, crc: crcs[row]! }
      await writer.addChunk(chunk, (place) => place.fill(0, found.copy(place)))
    }
    writer.endRun(run.log, run.last)
  }
}

/** Writes what `log` holds in memory up to `last`, without what nobody can read any more. */
export async function writeTail(log: Log, last: Position, writer: SegmentWriter, now: number): Promise<void> {
  const floor = floorOf(log, now)
  let entries: LogEntry[] = []
  let bytes = 0
  const flush = async () => {
    const [first] = entries
    if (!first) return
    const chunk = { first: first.position, sizeBytes: chunkBytesOf(entries), entries: entries.length }
    await writer.addChunk(chunk, (place) => encodeChunk(entries, place))
    entries = []
    bytes = 0
  }
  let written: Position = -1
  for (const block of log.tail.filter(({ first }) => first <= last))
    for (const entry of entriesOf(block, 0)) {
      if (entry.position < floor) {
        log.lastGone = entry.position
        continue
      }
      entries.push(entry)
      bytes += entry.data.length
      written = entry.position
      if (bytes >= CHUNK_BYTES) await flush()
    }
  await flush()
  writer.endRun(log, written)
}
