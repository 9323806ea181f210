import { crc32 } from '@node-rs/crc32'
import type { EngineProblems, LogEntry, Position } from '../../../ports/engine.ts'
import { isErrno, readFully } from '../../files/durable-file.ts'
import type { OpenFiles } from '../../files/open-files.ts'
import { whereOf } from '../file-names.ts'
import { nameOf, spanOf } from '../log-manifest.ts'
import { lastOfRow, type Run, type Segment } from '../log-state.ts'

export const CHUNK_BYTES = 64 * 1024
const ENTRY_HEADER_BYTES = 12

export const chunkBytesOf = (entries: readonly LogEntry[]): number =>
  entries.reduce((sum, { data }) => sum + ENTRY_HEADER_BYTES + data.length, 0)

/** Into a place of their size. */
export function encodeChunk(entries: readonly LogEntry[], chunk: Buffer): void {
  let at = 0
  for (const { position, data } of entries) {
    chunk.writeDoubleLE(position, at)
    chunk.writeUInt32LE(data.length, at + 8)
    chunk.set(data, at + ENTRY_HEADER_BYTES)
    at += ENTRY_HEADER_BYTES + data.length
  }
}

/** Those at or after `from`, as views into the chunk. */
export function* chunkEntries(chunk: Buffer, from: Position): Generator<LogEntry> {
  for (let at = 0; at < chunk.length; ) {
    const position = chunk.readDoubleLE(at)
    const dataAt = at + ENTRY_HEADER_BYTES
    at = dataAt + chunk.readUInt32LE(at + 8)
    if (position >= from) yield { position, data: chunk.subarray(dataAt, at) }
  }
}

/** How many entries a chunk holds. */
export const countEntries = (chunk: Buffer): number => [...chunkEntries(chunk, 0)].length

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

const MOST_NAMED = 10

/** Says which records lie in damaged places, a problem for each segment, until it is given back. */
export function createSegmentDamage(problems: EngineProblems) {
  /** What is said of each damaged row. */
  const damaged = new Map<Segment, Map<number, string>>()
  const say = (segment: Segment, rows: ReadonlyMap<number, string>) => {
    const named = [...rows.values()].slice(0, MOST_NAMED).join('; ')
    const more = rows.size > MOST_NAMED ? `; and ${rows.size - MOST_NAMED} more places` : ''
    const what = `records in damaged places are left out: ${named}${more}`
    problems.report({ code: 'Damaged', where: whereOf(segment.path), what })
  }
  return {
    /** This row of the run is not what was written. */
    found(run: Run, row: number): void {
      const { segment } = run
      const rows = damaged.get(segment) ?? new Map<number, string>()
      damaged.set(segment, rows)
      if (rows.has(row)) return
      const { firsts, offsets } = segment.chunks
      const span = spanOf(firsts[row]!, lastOfRow(run, row))
      rows.set(row, `${nameOf(run.log)} ${span}, at byte ${offsets[row]}`)
      say(segment, rows)
    },
    /** The segment is given back. */
    gone(segment: Segment): void {
      if (damaged.delete(segment)) problems.solved('Damaged', whereOf(segment.path))
    },
  }
}

export type SegmentDamage = ReturnType<typeof createSegmentDamage>
