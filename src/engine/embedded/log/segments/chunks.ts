import { crc32 } from 'node:zlib'
import type { LogEntry, Position } from '../../../ports/engine.ts'
import { isErrno, readFully } from '../../files/durable-file.ts'
import type { OpenFiles } from '../../files/open-files.ts'
import { firstIndex, type Run } from '../log-state.ts'
import type { SliceBuilder } from '../slice-builder.ts'
import type { SegmentDamage } from './segment-damage.ts'

/** A file of chunks in the order of their logs. Each chunk holds entries of one log: position f64 · length u32 · data. */
export interface Segment {
  readonly path: string
  /** The number of the write-ahead log that it was made of. */
  readonly number: number
  /** How many times it was rewritten since. */
  readonly generation: number
  readonly runs: Run[]
  readonly chunks: ChunkTable
  readonly sizeBytes: number
  readonly indexCrc: number
  /** Absent where nobody counted them. */
  readonly entries?: number | undefined
}

/** One row for each chunk; those of a run follow one another, in the file too. */
export interface ChunkTable {
  readonly firsts: Float64Array
  readonly offsets: Uint32Array
  readonly lengths: Uint32Array
  readonly crcs: Uint32Array
}

export const CHUNK_BYTES = 64 * 1024
const ENTRY_HEADER_BYTES = 12
const MOST_BYTES_AT_ONCE = 2 ** 20

export function encodeChunk(entries: readonly LogEntry[]): Buffer {
  const size = entries.reduce((sum, { data }) => sum + ENTRY_HEADER_BYTES + data.length, 0)
  const chunk = Buffer.allocUnsafe(size)
  let at = 0
  for (const { position, data } of entries) {
    chunk.writeDoubleLE(position, at)
    chunk.writeUInt32LE(data.length, at + 8)
    chunk.set(data, at + ENTRY_HEADER_BYTES)
    at += ENTRY_HEADER_BYTES + data.length
  }
  return chunk
}

function* chunkEntries(chunk: Buffer, from: Position): Generator<LogEntry> {
  for (let at = 0; at < chunk.length; ) {
    const position = chunk.readDoubleLE(at)
    const dataAt = at + ENTRY_HEADER_BYTES
    at = dataAt + chunk.readUInt32LE(at + 8)
    if (position >= from) yield { position, data: chunk.subarray(dataAt, at) }
  }
}

/** How many entries a chunk holds. */
export const countEntries = (chunk: Buffer): number => [...chunkEntries(chunk, 0)].length

/** The row of the run in which `from` lies or would lie. */
export const rowAt = ({ segment, row, rows }: Run, from: Position): number =>
  row + Math.max(0, firstIndex(rows, (index) => segment.chunks.firsts[row + index]! > from) - 1)

/** The last position that a row of the run can hold. */
export const lastOfRow = ({ segment, row, rows, last }: Run, at: number): Position =>
  at + 1 < row + rows ? segment.chunks.firsts[at + 1]! - 1 : last

/**
 * Reads chunks from `from` on with one pread into `slice`; the position behind what it has read, if the slice has room
 * left. What is damaged is left out and said.
 */
export async function readRun(
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
  for (const [index, chunk] of (await readChunks(files, run.segment, start, end)).entries()) {
    if (slice.isFull()) break
    if (isWholeChunk(run.segment, start + index, chunk)) slice.fill(chunkEntries(chunk, from))
    else {
      damage.found(run, start + index)
      slice.leaveOut()
    }
  }
  return end < runEnd ? chunks.firsts[end]! : run.last + 1
}

/** What reading segments takes. */
export interface SegmentReading {
  readonly files: OpenFiles
  readonly damage: SegmentDamage
}

/** Those that cannot be read are short. */
export async function readChunks(
  files: OpenFiles,
  segment: Segment,
  start: number,
  end: number,
): Promise<Buffer[]> {
  const { offsets, lengths } = segment.chunks
  const offset = offsets[start]!
  const size = offsets[end - 1]! + lengths[end - 1]! - offset
  const bytes = await readPart(files, segment.path, offset, size)
  const chunks: Buffer[] = []
  for (let row = start; row < end; row++) {
    const at = offsets[row]! - offset
    // Where one place cannot be read, its neighbours may be.
    if (bytes.length < size) chunks.push(await readPart(files, segment.path, offsets[row]!, lengths[row]!))
    else chunks.push(bytes.subarray(at, at + lengths[row]!))
  }
  return chunks
}

export const isWholeChunk = ({ chunks }: Segment, row: number, chunk: Buffer): boolean =>
  chunk.length === chunks.lengths[row]! && crc32(chunk) === chunks.crcs[row]!

/** Nothing from a disk that cannot read it, or a file that somebody has taken away. */
async function readPart(files: OpenFiles, path: string, at: number, length: number): Promise<Buffer> {
  try {
    return await files.read(path, (handle) => readFully(handle, at, length))
  } catch (error) {
    if (isErrno(error, 'EIO', 'ENOENT')) return Buffer.alloc(0)
    throw error
  }
}
