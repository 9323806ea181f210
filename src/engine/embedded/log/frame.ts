import { crc32 } from '@node-rs/crc32'
import type { LogEntry, Position } from '../../ports/engine.ts'

/**
 * A frame is what one group commit writes:
 *
 *     marker 8 bytes · payload bytes u32 · CRC u32 · payload: block, block, …
 *     block: group id u32 · kind u8 · name length u16 · log name · first position f64 · count u32 · count × length u32 · data
 *
 * The marker is random for every file and part of the CRC, so that a record cannot hold a frame that counts.
 */
export const MARKER_BYTES = 8
const HEADER_BYTES = MARKER_BYTES + 8
const BLOCK_BYTES = 4 + 1 + 2 + 8 + 4
const KINDS = ['entries', 'seal'] as const

/** Entries of one log that were appended together; a seal has a position and no entries. */
export interface NewBlock {
  readonly groupId: number
  readonly log: string
  readonly kind: (typeof KINDS)[number]
  readonly first: Position
  readonly entries: readonly Uint8Array[]
}

/** A block as it lies in its frame. */
export interface StoredBlock {
  readonly first: Position
  readonly count: number
  readonly frame: Buffer
  /** Where the lengths begin in `frame`. */
  readonly at: number
}

export interface ParsedBlock extends StoredBlock, Pick<NewBlock, 'groupId' | 'log' | 'kind'> {}

const sizeOf = (block: NewBlock): number =>
  block.entries.reduce((sum, { length }) => sum + 4 + length, BLOCK_BYTES + Buffer.byteLength(block.log))

const crcOf = (frame: Buffer, start: number, end: number): number =>
  crc32(frame.subarray(start + HEADER_BYTES, end), crc32(frame.subarray(start, start + HEADER_BYTES - 4)))

/** How long a frame of these blocks will be. */
export const frameSizeOf = (blocks: readonly NewBlock[]): number =>
  blocks.reduce((sum, block) => sum + sizeOf(block), HEADER_BYTES)

export function encodeFrame(
  marker: Uint8Array,
  blocks: readonly NewBlock[],
): { frame: Buffer; stored: StoredBlock[] } {
  const frame = Buffer.allocUnsafeSlow(frameSizeOf(blocks))
  frame.set(marker)
  frame.writeUInt32LE(frame.length - HEADER_BYTES, MARKER_BYTES)
  const stored: StoredBlock[] = []
  let at = HEADER_BYTES
  for (const { groupId, log, kind, first, entries } of blocks) {
    const nameBytes = frame.write(log, at + 7)
    frame.writeUInt32LE(groupId, at)
    frame[at + 4] = KINDS.indexOf(kind)
    frame.writeUInt16LE(nameBytes, at + 5)
    at += 7 + nameBytes
    frame.writeDoubleLE(first, at)
    frame.writeUInt32LE(entries.length, at + 8)
    at += 12
    stored.push({ first, count: entries.length, frame, at })
    for (const { length } of entries) at = frame.writeUInt32LE(length, at)
    for (const entry of entries) {
      frame.set(entry, at)
      at += entry.length
    }
  }
  frame.writeUInt32LE(crcOf(frame, 0, frame.length), HEADER_BYTES - 4)
  return { frame, stored }
}

/** Where the frame that begins at `start` says it ends; undefined when there is none, or not all of it. */
export function statedEnd(file: Buffer, start: number, marker: Uint8Array): number | undefined {
  if (start + HEADER_BYTES > file.length) return undefined
  if (file.compare(marker, 0, MARKER_BYTES, start, start + MARKER_BYTES) !== 0) return undefined
  const end = start + HEADER_BYTES + file.readUInt32LE(start + MARKER_BYTES)
  return end <= file.length ? end : undefined
}

/** Where the whole and undamaged frame at `start` ends; undefined when there is none. */
export function frameEnd(file: Buffer, start: number, marker: Uint8Array): number | undefined {
  const end = statedEnd(file, start, marker)
  if (end === undefined) return undefined
  return crcOf(file, start, end) === file.readUInt32LE(start + HEADER_BYTES - 4) ? end : undefined
}

/** The blocks of the frame that lies between `start` and `end`. */
export function* blocksOf(frame: Buffer, start: number, end: number): Generator<ParsedBlock> {
  let at = start + HEADER_BYTES
  while (at < end) {
    const groupId = frame.readUInt32LE(at)
    const kind = KINDS[frame[at + 4]!]!
    const nameEnd = at + 7 + frame.readUInt16LE(at + 5)
    const log = frame.toString('utf8', at + 7, nameEnd)
    const first = frame.readDoubleLE(nameEnd)
    const count = frame.readUInt32LE(nameEnd + 8)
    const lengthsAt = nameEnd + 12
    yield { groupId, log, kind, first, count, frame, at: lengthsAt }
    at = lengthsAt + 4 * count
    for (let index = 0; index < count; index++) at += frame.readUInt32LE(lengthsAt + 4 * index)
  }
}

/** What a damaged frame seems to hold; nothing when its bytes make no sense. */
export function apparentBlocks(file: Buffer, start: number, marker: Uint8Array): ParsedBlock[] {
  const end = statedEnd(file, start, marker)
  if (end === undefined) return []
  try {
    const blocks = [...blocksOf(file.subarray(0, end), start, end)]
    return blocks.every(({ kind, first }) => kind !== undefined && Number.isSafeInteger(first)) ? blocks : []
  } catch {
    return []
  }
}

/** Bytes of a block's entries. */
export function storedBytesOf({ count, frame, at }: StoredBlock): number {
  let bytes = 0
  for (let index = 0; index < count; index++) bytes += frame.readUInt32LE(at + 4 * index)
  return bytes
}

/** The entries of a block at or after `from`, as views into its frame. */
export function* entriesOf({ first, count, frame, at }: StoredBlock, from: Position): Generator<LogEntry> {
  let dataAt = at + 4 * count
  for (let index = 0; index < count; index++) {
    const dataEnd = dataAt + frame.readUInt32LE(at + 4 * index)
    if (first + index >= from) yield { position: first + index, data: frame.subarray(dataAt, dataEnd) }
    dataAt = dataEnd
  }
}
