import type { Position, Slice } from '../../ports/engine.ts'
import { entriesOf } from './frame.ts'
import { firstIndex, type Log } from './log-state.ts'
import { readRun, type SegmentReading } from './segments/chunks.ts'
import { createSliceBuilder, type SliceBuilder } from './slice-builder.ts'

/** From the segments, and then from memory. Where to go on is looked up anew after each wait: files come and go meanwhile. */
export async function readLog(
  reading: SegmentReading,
  log: Log,
  from: Position,
  limits: { entries: number; bytes: number },
): Promise<Slice> {
  const slice = createSliceBuilder(limits)
  let at = from
  while (!slice.isFull()) {
    const run = log.runs[firstIndex(log.runs.length, (index) => log.runs[index]!.last >= at)]
    if (run) at = await readRun(reading, run, at, slice)
    else {
      readTail(log, at, slice)
      break
    }
  }
  const behind = (slice.entries.at(-1)?.position ?? -1) + 1
  // Where there was room left, what was left out as damaged lies behind, too.
  const next = Math.max(slice.isFull() ? from : at, behind)
  const atTip = next > log.last
  const sealedAt = atTip ? log.sealedAt : undefined
  return {
    entries: slice.entries,
    next: sealedAt === undefined ? next : Math.max(next, sealedAt + 1),
    sealed: sealedAt !== undefined,
    atTip,
    ...(slice.isShort() && { skipped: true }),
  }
}

function readTail({ tail }: Log, from: Position, slice: SliceBuilder): void {
  const start = firstIndex(tail.length, (index) => tail[index]!.first + tail[index]!.count > from)
  for (let index = start; index < tail.length && !slice.isFull(); index++)
    slice.fill(entriesOf(tail[index]!, from))
}
