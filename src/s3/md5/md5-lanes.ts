import { setImmediate as nextTurn } from 'node:timers/promises'
import { BLOCK_BYTES, type BlockHasher, createBlockHasher, LANE_BYTES, LANES } from './block-hasher.ts'

/** MD5 of a message that comes piece by piece. */
export interface Md5 {
  /** One at a time; the bytes may be reused when it resolves. */
  update(bytes: Uint8Array): Promise<void>
  /** Once. */
  digest(): Uint8Array
}

interface Message {
  readonly state: Uint32Array<ArrayBuffer>
  /** The last bytes that were hashed, which do not make up a block yet. */
  readonly rest: Uint8Array
  restBytes: number
  /** What comes after the rest and is not hashed yet. */
  piece: Uint8Array
  sizeBytes: number
  done: () => void
}

/**
 * Hashes several messages in the time of one: a block of a message has to wait for the block before, but not for those
 * of others. Pieces are hashed as soon as there are enough of them side by side, or else when the event loop has been
 * through all that was ready to be read.
 */
export function createMd5Lanes(): () => Md5 {
  let hasher: BlockHasher | undefined
  let lanes: Lanes | undefined
  return () => {
    hasher ??= createBlockHasher()
    lanes ??= createLanes(hasher)
    return createMd5(hasher, lanes)
  }
}

function createMd5(hasher: BlockHasher, lanes: Lanes): Md5 {
  const message = emptyMessage()
  return {
    update: (bytes) =>
      new Promise((resolve) => {
        message.piece = bytes
        message.sizeBytes += bytes.length
        message.done = resolve
        if (wholeBlocks(message) > 0) lanes.add(message)
        else finishPiece(message)
      }),
    digest() {
      message.piece = padding(message)
      hashBlocks(hasher, [message])
      return new Uint8Array(message.state.buffer)
    },
  }
}

interface Lanes {
  /** Hashes the piece of the message, which has at least one block. */
  add(message: Message): void
}

function createLanes(hasher: BlockHasher): Lanes {
  const waiting: Message[] = []
  let isTurnAwaited = false
  const hashUntilFewerThan = (count: number) => {
    while (waiting.length >= count) {
      const messages = waiting.splice(0, LANES)
      hashBlocks(hasher, messages)
      for (const message of messages)
        if (wholeBlocks(message) > 0) waiting.push(message)
        else finishPiece(message)
    }
  }
  return {
    async add(message) {
      waiting.push(message)
      hashUntilFewerThan(LANES)
      if (isTurnAwaited || waiting.length === 0) return
      isTurnAwaited = true
      await nextTurn()
      isTurnAwaited = false
      hashUntilFewerThan(1)
    },
  }
}

const emptyMessage = (): Message => ({
  state: Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
  rest: new Uint8Array(BLOCK_BYTES),
  restBytes: 0,
  piece: NOTHING,
  sizeBytes: 0,
  done() {},
})

const NOTHING = new Uint8Array()

/** In bytes; no more than a lane takes. */
function wholeBlocks({ restBytes, piece }: Message): number {
  const sizeBytes = Math.min(restBytes + piece.length, LANE_BYTES)
  return sizeBytes - (sizeBytes % BLOCK_BYTES)
}

/** As many blocks of each as all of them have. */
function hashBlocks({ bytes, states, one, four }: BlockHasher, messages: readonly Message[]): void {
  const sizeBytes = Math.min(...messages.map(wholeBlocks))
  const stride = messages.length === 1 ? 1 : LANES
  messages.forEach((message, lane) => {
    take(message, bytes.subarray(lane * LANE_BYTES, lane * LANE_BYTES + sizeBytes))
    message.state.forEach((word, index) => {
      states[index * stride + lane] = word
    })
  })
  if (stride === 1) one(sizeBytes)
  else four(sizeBytes)
  messages.forEach(({ state }, lane) => {
    for (let index = 0; index < state.length; index++) state[index] = states[index * stride + lane]!
  })
}

function take(message: Message, lane: Uint8Array): void {
  const { rest, restBytes, piece } = message
  const pieceBytes = lane.length - restBytes
  lane.set(rest.subarray(0, restBytes))
  lane.set(piece.subarray(0, pieceBytes), restBytes)
  message.restBytes = 0
  message.piece = piece.subarray(pieceBytes)
}

function finishPiece(message: Message): void {
  message.rest.set(message.piece, message.restBytes)
  message.restBytes += message.piece.length
  message.piece = NOTHING
  message.done()
}

/** What follows the message: a bit, and its length in bits as the last 8 bytes of a block. */
function padding({ restBytes, sizeBytes }: Message): Uint8Array {
  const length = restBytes < BLOCK_BYTES - 8 ? BLOCK_BYTES - restBytes : 2 * BLOCK_BYTES - restBytes
  const bytes = new Uint8Array(length)
  bytes[0] = 0x80
  new DataView(bytes.buffer).setBigUint64(length - 8, 8n * BigInt(sizeBytes), true)
  return bytes
}
