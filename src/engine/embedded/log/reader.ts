import type { LogEntry, Position, Slice } from '../../ports/engine.ts'
import { entriesOf } from './frame.ts'
import { firstIndex, type Log, type Run, rowAt } from './log-state.ts'
import { chunkEntries, isWholeChunk, readChunks, type SegmentReading } from './segments/chunks.ts'

const MOST_BYTES_AT_ONCE = 2 ** 20

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
    release: slice.release,
  }
}

/**
 * Reads chunks from `from` on with one pread into `slice`; the position behind what it has read, if the slice has room
 * left. What is damaged is left out and said.
 */
async function readRun(
  { files, damage }: SegmentReading,
  run: Run,
  from: Position,
  slice: SliceBuilder,
): Promise<Position> {
  const { chunks } = run.segment
  const start = rowAt(run, from)
  const runEnd = run.row + run.rows
  const wanted = Math.min(slice.bytesLeft(), MOST_BYTES_AT_ONCE)
  let end = start + 1
  let size = chunks.lengths[start]!
  while (end < runEnd && size + chunks.lengths[end]! <= wanted) size += chunks.lengths[end++]!
  const read = await readChunks(files, run.segment, start, end)
  slice.owns(read)
  for (const [index, chunk] of read.entries()) {
    if (slice.isFull()) break
    if (isWholeChunk(run.segment, start + index, chunk)) slice.fill(chunkEntries(chunk, from))
    else {
      damage.found(run, start + index)
      slice.leaveOut()
    }
  }
  return end < runEnd ? chunks.firsts[end]! : run.last + 1
}

function readTail({ tail }: Log, from: Position, slice: SliceBuilder): void {
  const start = firstIndex(tail.length, (index) => tail[index]!.first + tail[index]!.count > from)
  for (let index = start; index < tail.length && !slice.isFull(); index++)
    slice.fill(entriesOf(tail[index]!, from))
}

/** Collects entries until a limit is met; always takes the first. */
function createSliceBuilder(limits: { entries: number; bytes: number }) {
  const entries: LogEntry[] = []
  /** Of which the entries are views. */
  const owned: Buffer[] = []
  let bytes = 0
  let full = limits.entries < 1
  let isShort = false
  return {
    entries,
    isFull: () => full,
    /** Something between the entries is not there. */
    leaveOut(): void {
      isShort = true
    },
    isShort: () => isShort,
    owns: (chunks: readonly Buffer[]) => owned.push(...chunks),
    release(): void {
      for (const { buffer } of owned)
        if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
    },
    bytesLeft: () => Math.max(0, limits.bytes - bytes),
    /** Takes entries as long as there is room. */
    fill(from: Iterable<LogEntry>): void {
      for (const entry of from) {
        full ||= entries.length > 0 && bytes + entry.data.length > limits.bytes
        if (full) return
        entries.push(entry)
        bytes += entry.data.length
        full = entries.length >= limits.entries || bytes >= limits.bytes
      }
    },
  }
}

export type SliceBuilder = ReturnType<typeof createSliceBuilder>
