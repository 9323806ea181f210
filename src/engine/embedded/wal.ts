import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { EngineError, type Position } from '../engine.ts'
import { syncFolderOf, writeFully } from './durable-file.ts'
import { blocksOf, frameEnd, isWhole, MARKER_BYTES, type ParsedBlock } from './frame.ts'

/**
 * The head of a write-ahead log: magic 8 bytes · marker 8 bytes · floor f64 · CRC u32. Frames follow.
 * The floor is a position that was given before the file was made: positions go on from there even when all
 * that was stored has been given back.
 */
const MAGIC = Buffer.from('SPWAL\0\0\x01', 'latin1')
const FLOOR_AT = MAGIC.length + MARKER_BYTES
const CRC_AT = FLOOR_AT + 8
const HEAD_BYTES = CRC_AT + 4

export interface Wal {
  readonly path: string
  readonly marker: Uint8Array
  readonly handle: FileHandle
  /** Where the next frame goes. */
  end: number
}

export interface ScannedWal {
  readonly marker: Uint8Array
  readonly floor: Position
  readonly blocks: readonly ParsedBlock[]
  /** Where the last whole frame ends; what lies behind was never acknowledged. */
  readonly end: number
  /** Behind `end` lies something as long as it says it is, but with a wrong CRC: not what a killed process leaves. */
  readonly isSuspect: boolean
}

/**
 * Durable, name and all, before it resolves. It gets its name when its head is on disk: a power cut must not leave a
 * name without a head, which would look like damage.
 */
export async function createWal(path: string, marker: Uint8Array, floor: Position): Promise<Wal> {
  const head = Buffer.alloc(HEAD_BYTES)
  head.set(MAGIC)
  head.set(marker, MAGIC.length)
  head.writeDoubleLE(floor, FLOOR_AT)
  head.writeUInt32LE(crc32(head.subarray(0, CRC_AT)), CRC_AT)
  const temporary = `${path}.tmp`
  const handle = await open(temporary, 'w')
  try {
    await writeFully(handle, head, 0)
    await handle.sync()
    await rename(temporary, path)
    await syncFolderOf(path)
  } catch (error) {
    await handle.close()
    throw error
  }
  return { path, marker, handle, end: HEAD_BYTES }
}

/** Opens it for more, without its torn tail; what it holds is on disk when it resolves. */
export async function reopenWal(path: string, { marker, end }: ScannedWal): Promise<Wal> {
  const handle = await open(path, 'r+')
  try {
    await handle.truncate(end)
    await handle.sync()
  } catch (error) {
    await handle.close()
    throw error
  }
  return { path, marker, handle, end }
}

export const readWal = async (path: string, isNewest: boolean): Promise<ScannedWal | undefined> =>
  scanWal(await readFile(path), path, isNewest)

/**
 * Only the newest file may end in the middle of a frame: that frame was never acknowledged. Where a whole
 * frame follows a broken one, the broken one had been acknowledged: throws Damaged. Undefined when not even the
 * head was finished, so that there was never a frame.
 */
export function scanWal(file: Buffer, path: string, isNewest: boolean): ScannedWal | undefined {
  if (file.length < HEAD_BYTES && isNewest) return undefined
  const damaged = (at: number) => new EngineError('Damaged', `${path} is damaged at byte ${at}`)
  const isHead =
    file.length >= HEAD_BYTES &&
    file.subarray(0, MAGIC.length).equals(MAGIC) &&
    crc32(file.subarray(0, CRC_AT)) === file.readUInt32LE(CRC_AT)
  if (!isHead) throw damaged(0)
  const marker = file.subarray(MAGIC.length, FLOOR_AT)
  const blocks: ParsedBlock[] = []
  let at = HEAD_BYTES
  for (let end = frameEnd(file, at, marker); end !== undefined; end = frameEnd(file, at, marker)) {
    for (const block of blocksOf(file, at, end)) blocks.push(block)
    at = end
  }
  if (at < file.length && (!isNewest || holdsFrame(file, at + 1, marker))) throw damaged(at)
  const floor = file.readDoubleLE(FLOOR_AT)
  return { marker: Uint8Array.from(marker), floor, blocks, end: at, isSuspect: isWhole(file, at, marker) }
}

function holdsFrame(file: Buffer, from: number, marker: Uint8Array): boolean {
  for (let at = file.indexOf(marker, from); at >= 0; at = file.indexOf(marker, at + 1))
    if (frameEnd(file, at, marker) !== undefined) return true
  return false
}
