import { BLOCK_BYTES } from './block-hasher.ts'

/** A message that is being hashed, block by block. */
export interface Message {
  /** MD5's four words. */
  readonly state: Uint32Array<ArrayBuffer>
  sizeBytes: number
  /** The last bytes that came before the piece, too few for a block. */
  readonly rest: Uint8Array
  restBytes: number
  /** What came last, as far as it is not hashed yet. */
  piece: Uint8Array
}

const NOTHING = new Uint8Array()

export const emptyMessage = (): Message => ({
  state: Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
  sizeBytes: 0,
  rest: new Uint8Array(BLOCK_BYTES),
  restBytes: 0,
  piece: NOTHING,
})

/** What can be hashed now, in bytes. */
export function wholeBlocks({ restBytes, piece }: Message): number {
  const sizeBytes = restBytes + piece.length
  return sizeBytes - (sizeBytes % BLOCK_BYTES)
}

/** Moves the next blocks of the message to `blocks`, as many as that takes. */
export function takeBlocks(message: Message, blocks: Uint8Array): void {
  const { rest, restBytes, piece } = message
  const pieceBytes = blocks.length - restBytes
  blocks.set(rest.subarray(0, restBytes))
  blocks.set(piece.subarray(0, pieceBytes), restBytes)
  message.restBytes = 0
  message.piece = piece.subarray(pieceBytes)
}

/** Keeps what is left of the piece, which is less than a block. */
export function keepRest(message: Message): void {
  message.rest.set(message.piece, message.restBytes)
  message.restBytes += message.piece.length
  message.piece = NOTHING
}

/** What makes whole blocks of the message: a bit, zeros, and its length in bits in 8 bytes. */
export function paddingOf({ sizeBytes, restBytes }: Message): Uint8Array {
  const blocks = restBytes < BLOCK_BYTES - 8 ? 1 : 2
  const padding = new Uint8Array(blocks * BLOCK_BYTES - restBytes)
  padding[0] = 0x80
  new DataView(padding.buffer).setBigUint64(padding.length - 8, 8n * BigInt(sizeBytes), true)
  return padding
}
