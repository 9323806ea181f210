/** What a request wants of the memory for bytes in flight. */
export interface Wish {
  readonly most: number
  /** It is content with so many. */
  readonly least: number
}

/** How that memory stands, for one request. */
export interface Room {
  readonly totalBytes: number
  readonly connectionBytes: number
  /** What all hold together, and how much of that those who wait for more. */
  readonly used: number
  readonly usedByWaiting: number
  /** What the request's connection holds. */
  readonly usedByConnection: number
}

/** So many bytes the request gets now. */
export interface Granted {
  readonly bytes: number
}
/** What it has to wait for, where it gets none. */
export type Lacking = 'total' | 'connection'

/**
 * Where all that is in use is held by those who wait for more, nobody would ever give anything back: then the one who
 * came first (`isFirst`) gets what it wants, beyond all bounds, so that what is too large for them is served, too, one
 * at a time.
 */
export function granted(room: Room, { most, least }: Wish, isFirst: boolean): Granted | Lacking {
  const left = room.totalBytes - room.used - (least > SMALL_BYTES ? room.totalBytes * FOR_SMALL : 0)
  const ofConnection = room.connectionBytes - room.usedByConnection
  if (Math.min(left, ofConnection) >= least) return { bytes: Math.floor(Math.min(most, left, ofConnection)) }
  if (isFirst && room.used === room.usedByWaiting) return { bytes: most }
  return left < least ? 'total' : 'connection'
}

/** Who wants no more overtakes those who wait for much, */
export const SMALL_BYTES = 64 * 1024
/** and has this part of the room to itself, so that large requests never keep small ones out. */
const FOR_SMALL = 1 / 16

const MIB = 2 ** 20
/** The memory that bytes in flight may take where there is enough of it. */
const MOST_BYTES = 128 * MIB
const LEAST_BYTES = 16 * MIB

/** The bound where the settings name none: a quarter of what this process may have. */
export const defaultTotalBytes = (heapBytes: number, machineBytes: number): number =>
  Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Math.floor(Math.min(heapBytes, machineBytes) / 4)))

/** One connection cannot keep all others out. */
export const connectionBytesOf = (totalBytes: number): number => Math.floor(totalBytes / 2)
