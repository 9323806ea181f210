import { type FileHandle, open, readFile } from 'node:fs/promises'
import { crc32 } from '@node-rs/crc32'
import type { Position } from '../../ports/engine.ts'
import { syncFolderOf, writeFully } from '../files/durable-file.ts'
import { FILE_MODE } from '../files/private-files.ts'
import { apparentBlocks, blocksOf, frameEnd, MARKER_BYTES, type ParsedBlock, statedEnd } from './frame.ts'

/**
 * The head of a write-ahead log: magic 8 bytes · marker 8 bytes · floor f64 · CRC u32. Frames follow.
 * The floor is a position that was given before the file was made: positions go on from there even when all
 * that was stored has been given back. The file has its full size from its beginning on, with zeros behind the last
 * frame: one that is shorter has lost something.
 */
const MAGIC = Buffer.from('SPWAL\0\0\x01', 'latin1')
const FLOOR_AT = MAGIC.length + MARKER_BYTES
const CRC_AT = FLOOR_AT + 8
export const HEAD_BYTES = CRC_AT + 4

export interface Wal {
  readonly path: string
  readonly marker: Uint8Array
  readonly handle: FileHandle
  sizeBytes: number
  /** Where the next frame goes. */
  end: number
  /** A write or sync failed: what lies behind `end` was refused, and nothing more is written. */
  isCut: boolean
}

/** Where a scan found something else than the frames that were there. */
export interface Gap {
  readonly from: number
  readonly to: number
  /** What it held, as far as its bytes still tell. */
  readonly blocks: readonly ParsedBlock[]
}

export interface ScannedWal {
  readonly marker: Uint8Array
  readonly floor: Position
  /** Those of every whole frame, also behind gaps. */
  readonly blocks: readonly ParsedBlock[]
  readonly gaps: readonly Gap[]
  /** Where the last whole frame ends. */
  readonly end: number
  /** Behind `end` lies something as long as it says it is, but with a wrong CRC: not what a killed process leaves. */
  readonly isSuspect: boolean
}

/** Durable, name and all, before it resolves. */
export async function createWal(
  path: string,
  { marker, floor, sizeBytes }: { marker: Uint8Array; floor: Position; sizeBytes: number },
): Promise<Wal> {
  const head = Buffer.alloc(HEAD_BYTES)
  head.set(MAGIC)
  head.set(marker, MAGIC.length)
  head.writeDoubleLE(floor, FLOOR_AT)
  head.writeUInt32LE(crc32(head.subarray(0, CRC_AT)), CRC_AT)
  const handle = await open(path, 'w', FILE_MODE)
  try {
    await writeFully(handle, head, 0)
    await handle.truncate(Math.max(sizeBytes, HEAD_BYTES))
    await handle.sync()
    await syncFolderOf(path)
  } catch (error) {
    await handle.close()
    throw error
  }
  return { path, marker, handle, sizeBytes: Math.max(sizeBytes, HEAD_BYTES), end: HEAD_BYTES, isCut: false }
}

/** Opens it for more behind its last whole frame; what it holds is on disk when it resolves. */
export async function reopenWal(path: string, { marker, end }: ScannedWal): Promise<Wal> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
    return { path, marker, handle, sizeBytes: (await handle.stat()).size, end, isCut: false }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** What is known of a file before it is read. */
interface ExpectedWal {
  readonly marker?: Uint8Array | undefined
  /** So far it was durable. */
  readonly end: number
  /** What lies behind `end` was refused. */
  readonly isCut?: boolean | undefined
  /** For a file whose head is gone. */
  readonly floor: Position
}

/** Its size, and what is in it; nothing when neither its head nor `expected` tells how its frames begin. */
export async function readWal(
  path: string,
  expected: ExpectedWal,
): Promise<{ sizeBytes: number; scanned: ScannedWal | undefined }> {
  const whole = await readFile(path)
  const sizeBytes = whole.length
  const file = expected.isCut ? whole.subarray(0, expected.end) : whole
  const scanned = scanWal(file, expected)
  if (!scanned || scanned.end * 2 > sizeBytes) return { sizeBytes, scanned }
  // What it holds stays in memory until it is a segment: without the empty part.
  const short = scanWal(Buffer.from(file.subarray(0, scanned.end)), expected)!
  return { sizeBytes, scanned: { ...short, isSuspect: scanned.isSuspect } }
}

/**
 * Goes from frame to frame. A frame at the end that is not whole and lies behind `expected.end` is what a kill leaves,
 * and was never acknowledged. Anything else that is no frame is a gap: where a whole frame follows, the broken one had
 * been acknowledged.
 */
export function scanWal(file: Buffer, expected: ExpectedWal): ScannedWal | undefined {
  const isHead =
    file.length >= HEAD_BYTES &&
    file.subarray(0, MAGIC.length).equals(MAGIC) &&
    crc32(file.subarray(0, CRC_AT)) === file.readUInt32LE(CRC_AT)
  const found = isHead ? Uint8Array.from(file.subarray(MAGIC.length, FLOOR_AT)) : undefined
  const marker = expected.marker ?? found
  if (!marker) return undefined
  const isOurs = isHead && file.compare(marker, 0, MARKER_BYTES, MAGIC.length, FLOOR_AT) === 0
  const blocks: ParsedBlock[] = []
  const gaps: Gap[] = isOurs ? [] : [{ from: 0, to: HEAD_BYTES, blocks: [] }]
  let at = HEAD_BYTES
  for (;;) {
    const end = frameEnd(file, at, marker)
    if (end !== undefined) {
      for (const block of blocksOf(file, at, end)) blocks.push(block)
      at = end
      continue
    }
    const next = nextFrame(file, at + 1, marker)
    if (next === undefined) break
    gaps.push({ from: at, to: next, blocks: apparentBlocks(file, at, marker) })
    at = next
  }
  if (at < expected.end) gaps.push({ from: at, to: expected.end, blocks: apparentBlocks(file, at, marker) })
  const stated = statedEnd(file, at, marker)
  // A write that a kill interrupts leaves the zeros that were there before.
  const isSuspect = at >= expected.end && stated !== undefined && file[stated - 1] !== 0
  const floor = isOurs ? file.readDoubleLE(FLOOR_AT) : expected.floor
  return { marker, floor, blocks, gaps, end: at, isSuspect }
}

function nextFrame(file: Buffer, from: number, marker: Uint8Array): number | undefined {
  for (let at = file.indexOf(marker, from); at >= 0; at = file.indexOf(marker, at + 1))
    if (frameEnd(file, at, marker) !== undefined) return at
  return undefined
}
