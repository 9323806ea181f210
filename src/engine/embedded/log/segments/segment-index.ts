import type { FileHandle } from 'node:fs/promises'
import { crc32 } from '@node-rs/crc32'
import { EngineError, type Position } from '../../../ports/engine.ts'
import { readFully } from '../../files/durable-file.ts'
import type { Catalog } from '../catalog.ts'
import type { SegmentRow } from '../log-manifest.ts'
import type { ChunkTable, Segment } from '../log-state.ts'

/**
 * What follows the chunks of a segment:
 *
 *     runs:   group id u32 · name length u16 · log name · last position f64 · rows u32
 *     rows:   first position f64 · offset u32 · length u32 · CRC u32
 *     footer: index offset u32 · rows offset u32 · CRC u32 of runs and rows · magic 8 bytes
 */
const MAGIC = Buffer.from('SPSEG\0\0\x01', 'latin1')
const RUN_BYTES = 18
const ROW_BYTES = 20
const FOOTER_BYTES = 12 + MAGIC.length

export interface IndexedRun {
  readonly groupId: number
  readonly log: string
  readonly last: Position
  readonly rows: number
}
export interface Row {
  readonly first: Position
  readonly offset: number
  readonly length: number
  readonly crc: number
}

export function writeRun(out: GrowingBytes, { groupId, log, last, rows }: IndexedRun): void {
  const nameBytes = Buffer.byteLength(log)
  const bytes = out.grow(RUN_BYTES + nameBytes)
  bytes.writeUInt32LE(groupId, 0)
  bytes.writeUInt16LE(nameBytes, 4)
  bytes.write(log, 6)
  bytes.writeDoubleLE(last, 6 + nameBytes)
  bytes.writeUInt32LE(rows, 14 + nameBytes)
}

export function writeRow(out: GrowingBytes, { first, offset, length, crc }: Row): void {
  const bytes = out.grow(ROW_BYTES)
  bytes.writeDoubleLE(first, 0)
  bytes.writeUInt32LE(offset, 8)
  bytes.writeUInt32LE(length, 12)
  bytes.writeUInt32LE(crc, 16)
}

/** The end of the file, from where the chunks end, and its CRC. */
export function encodeIndex(chunksEnd: number, runs: Buffer, rows: Buffer): { bytes: Buffer; crc: number } {
  const crc = crc32(rows, crc32(runs))
  const footer = Buffer.alloc(FOOTER_BYTES)
  footer.writeUInt32LE(chunksEnd, 0)
  footer.writeUInt32LE(chunksEnd + runs.length, 4)
  footer.writeUInt32LE(crc, 8)
  footer.set(MAGIC, 12)
  return { bytes: Buffer.concat([runs, rows, footer]), crc }
}

export function chunkTable(rows: Buffer): ChunkTable {
  const count = rows.length / ROW_BYTES
  const firsts = new Float64Array(count)
  const [offsets, lengths, crcs] = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)]
  for (let index = 0, at = 0; index < count; index++, at += ROW_BYTES) {
    firsts[index] = rows.readDoubleLE(at)
    offsets[index] = rows.readUInt32LE(at + 8)
    lengths[index] = rows.readUInt32LE(at + 12)
    crcs[index] = rows.readUInt32LE(at + 16)
  }
  return { firsts, offsets, lengths, crcs }
}

export interface SegmentIndex {
  readonly runs: readonly IndexedRun[]
  readonly chunks: ChunkTable
  /** Of the whole file. */
  readonly sizeBytes: number
  readonly indexCrc: number
}

/** Reads a segment's index; throws Damaged. */
export async function readIndex(handle: FileHandle, path: string): Promise<SegmentIndex> {
  const { size } = await handle.stat()
  const footerAt = size - FOOTER_BYTES
  const damaged = (at: number) => new EngineError('Damaged', `${path} is damaged at byte ${at}`)
  const footer = footerAt < 0 ? MAGIC : await readFully(handle, footerAt, FOOTER_BYTES)
  if (!footer.subarray(12).equals(MAGIC)) throw damaged(Math.max(0, footerAt))
  const indexAt = footer.readUInt32LE(0)
  const rowsAt = footer.readUInt32LE(4)
  if (indexAt > rowsAt || rowsAt > footerAt) throw damaged(footerAt)
  const index = await readFully(handle, indexAt, footerAt - indexAt)
  const indexCrc = footer.readUInt32LE(8)
  if (crc32(index) !== indexCrc) throw damaged(indexAt)
  const rowsStart = rowsAt - indexAt
  const runs = parseRuns(index.subarray(0, rowsStart))
  return { runs, chunks: chunkTable(index.subarray(rowsStart)), sizeBytes: size, indexCrc }
}

function parseRuns(bytes: Buffer): IndexedRun[] {
  const runs: IndexedRun[] = []
  for (let at = 0; at < bytes.length; ) {
    const nameEnd = at + 6 + bytes.readUInt16LE(at + 4)
    runs.push({
      groupId: bytes.readUInt32LE(at),
      log: bytes.toString('utf8', at + 6, nameEnd),
      last: bytes.readDoubleLE(nameEnd),
      rows: bytes.readUInt32LE(nameEnd + 8),
    })
    at = nameEnd + 12
  }
  return runs
}

/** Bytes that grow at their end, in one piece. */
export function createGrowingBytes(): GrowingBytes {
  let bytes = Buffer.allocUnsafe(1024)
  let length = 0
  return {
    grow(count) {
      if (length + count > bytes.length) {
        const larger = Buffer.allocUnsafe(2 * bytes.length + count)
        bytes.copy(larger, 0, 0, length)
        bytes = larger
      }
      length += count
      return bytes.subarray(length - count, length)
    },
    bytes: () => bytes.subarray(0, length),
  }
}

interface GrowingBytes {
  /** The next `count` bytes, to be written at once. */
  grow(count: number): Buffer
  bytes(): Buffer
}

/** Makes a segment's runs those of its logs. */
export function adoptSegment(
  { path, number, row }: { readonly path: string; readonly number: number; readonly row: SegmentRow },
  index: SegmentIndex,
  found: Catalog['found'],
): Segment {
  const { chunks, sizeBytes, indexCrc } = index
  const { generation, holds } = row
  const segment: Segment = {
    ...{ path, number, generation, runs: [], chunks, sizeBytes, indexCrc },
    entries: holds.entries,
  }
  let at = 0
  for (const { groupId, log: name, last, rows } of index.runs) {
    const log = found(groupId, name)
    const run = { log, segment, row: at, rows, last }
    segment.runs.push(run)
    log.runs.push(run)
    log.last = Math.max(log.last, last)
    at += rows
  }
  return segment
}
