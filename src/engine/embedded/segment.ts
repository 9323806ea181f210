import { crc32 } from 'node:zlib'
import { EngineError, type LogEntry, type Position } from '../engine.ts'
import { readFully } from './durable-file.ts'
import { firstIndex, type Run } from './log-state.ts'
import type { OpenFiles } from './open-files.ts'
import type { SliceBuilder } from './slice-builder.ts'

/** A file of chunks in the order of their logs. Each chunk holds entries of one log: position f64 · length u32 · data. */
export interface Segment {
  readonly path: string
  /** The number of the write-ahead log that it was made of. */
  readonly number: number
  /** How many times it was rewritten since. */
  readonly generation: number
  readonly runs: Run[]
  readonly chunks: ChunkTable
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

/** The row of the run in which `from` lies or would lie. */
export const rowAt = ({ segment, row, rows }: Run, from: Position): number =>
  row + Math.max(0, firstIndex(rows, (index) => segment.chunks.firsts[row + index]! > from) - 1)

/** Reads chunks from `from` on with one pread into `slice`; the position behind what it has read. */
export async function readRun(
  files: OpenFiles,
  run: Run,
  from: Position,
  slice: SliceBuilder,
): Promise<Position> {
  const { path, chunks } = run.segment
  const start = rowAt(run, from)
  const runEnd = run.row + run.rows
  const wanted = Math.min(slice.bytesLeft(), MOST_BYTES_AT_ONCE)
  let end = start + 1
  let size = chunks.lengths[start]!
  while (end < runEnd && size + chunks.lengths[end]! <= wanted) size += chunks.lengths[end++]!
  const offset = chunks.offsets[start]!
  const bytes = await files.read(path, (handle) => readFully(handle, offset, size))
  for (let row = start, at = 0; row < end; row++) {
    const chunk = bytes.subarray(at, at + chunks.lengths[row]!)
    if (crc32(chunk) !== chunks.crcs[row]!)
      throw new EngineError('Damaged', `${path} is damaged at byte ${offset + at}`)
    slice.fill(chunkEntries(chunk, from))
    at += chunk.length
  }
  return end < runEnd ? chunks.firsts[end]! : run.last + 1
}
