import { BLOCK_BYTES } from './block-hasher.ts'

/** A message that is being hashed, block by block. */
export interface Message {
  /** MD5's four words. */
  readonly state: Uint32Array<ArrayBuffer>
  sizeBytes: number
  /** What is not hashed yet. */
  pieces: Uint8Array[]
  waitingBytes: number
}

export const emptyMessage = (): Message => ({
  state: Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
  sizeBytes: 0,
  pieces: [],
  waitingBytes: 0,
})

export function addPiece(message: Message, piece: Uint8Array): void {
  message.sizeBytes += piece.length
  message.waitingBytes += piece.length
  message.pieces.push(piece)
}

/** What makes whole blocks of the message: a bit, zeros, and its length in bits in 8 bytes. */
export function pad(message: Message): void {
  const blocks = message.waitingBytes < BLOCK_BYTES - 8 ? 1 : 2
  const padding = new Uint8Array(blocks * BLOCK_BYTES - message.waitingBytes)
  padding[0] = 0x80
  new DataView(padding.buffer).setBigUint64(padding.length - 8, 8n * BigInt(message.sizeBytes), true)
  addPiece(message, padding)
}

/** What can be hashed now, in bytes. */
export const wholeBlocks = ({ waitingBytes }: Message): number => waitingBytes - (waitingBytes % BLOCK_BYTES)

/** Moves the next blocks of the message to `blocks`, as many as that takes. */
export function takeBlocks(message: Message, blocks: Uint8Array): void {
  for (let at = 0; at < blocks.length; ) {
    const piece = message.pieces.shift()!
    const taken = piece.subarray(0, blocks.length - at)
    blocks.set(taken, at)
    at += taken.length
    if (taken.length < piece.length) message.pieces.unshift(piece.subarray(taken.length))
  }
  message.waitingBytes -= blocks.length
}

/** Makes what is left, which is less than a block, the message's own. */
export function keepRest(message: Message): void {
  message.pieces = message.waitingBytes > 0 ? [Buffer.concat(message.pieces)] : []
}
