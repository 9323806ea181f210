import { setImmediate as nextTurn } from 'node:timers/promises'
import { BLOCK_BYTES, type BlockHasher, createBlockHasher, LANE_BYTES, LANES } from './block-hasher.ts'

/** MD5 of a message that comes piece by piece. */
export interface Md5 {
  /** One at a time; the pieces may be reused when it resolves. Many small ones are better hashed together. */
  update(pieces: readonly Uint8Array[]): Promise<void>
  /** Once. */
  digest(): Uint8Array
}

/**
 * Hashes several messages in the time of one: a block of a message has to wait for the block before, but not for those
 * of others. They are hashed as soon as there are enough of them, or else when the event loop has been
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
    update: (pieces) =>
      new Promise((resolve) => {
        for (const piece of pieces) addPiece(message, piece)
        lanes.add(message, resolve)
      }),
    digest() {
      pad(message)
      hashBlocks(hasher, [message])
      return new Uint8Array(message.state.buffer)
    },
  }
}

interface Lanes {
  /** Calls `done` when all of the message is hashed that makes whole blocks. */
  add(message: Message, done: () => void): void
}

interface Waiting {
  readonly message: Message
  readonly done: () => void
}

function createLanes(hasher: BlockHasher): Lanes {
  const waiting: Waiting[] = []
  let isTurnAwaited = false
  /** Whoever added before. The same one again is alone, and has nobody to wait for. */
  let latest: Message | undefined
  const settle = (one: Waiting) => {
    if (wholeBlocks(one.message) > 0) return void waiting.push(one)
    keepRest(one.message)
    one.done()
  }
  const hashUntilFewerThan = (count: number) => {
    while (waiting.length >= count) {
      const together = waiting.splice(0, LANES)
      hashBlocks(
        hasher,
        together.map(({ message }) => message),
      )
      together.forEach(settle)
    }
  }
  return {
    async add(message, done) {
      const isAlone = message === latest && waiting.length === 0
      latest = message
      settle({ message, done })
      hashUntilFewerThan(isAlone ? 1 : LANES)
      if (isTurnAwaited || waiting.length === 0) return
      isTurnAwaited = true
      await nextTurn()
      isTurnAwaited = false
      hashUntilFewerThan(1)
    },
  }
}

/** As many blocks of each as all of them have and a lane takes. */
function hashBlocks({ bytes, states, one, four }: BlockHasher, messages: readonly Message[]): void {
  const sizeBytes = Math.min(LANE_BYTES, ...messages.map(wholeBlocks))
  const stride = messages.length === 1 ? 1 : LANES
  messages.forEach((message, lane) => {
    takeBlocks(message, bytes.subarray(lane * LANE_BYTES, lane * LANE_BYTES + sizeBytes))
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

/** A message that is being hashed, block by block. */
interface Message {
  /** MD5's four words. */
  readonly state: Uint32Array<ArrayBuffer>
  sizeBytes: number
  /** What is not hashed yet. */
  pieces: Uint8Array[]
  waitingBytes: number
}

const emptyMessage = (): Message => ({
  state: Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476),
  sizeBytes: 0,
  pieces: [],
  waitingBytes: 0,
})

function addPiece(message: Message, piece: Uint8Array): void {
  message.sizeBytes += piece.length
  message.waitingBytes += piece.length
  message.pieces.push(piece)
}

/** What makes whole blocks of the message: a bit, zeros, and its length in bits in 8 bytes. */
function pad(message: Message): void {
  const blocks = message.waitingBytes < BLOCK_BYTES - 8 ? 1 : 2
  const padding = new Uint8Array(blocks * BLOCK_BYTES - message.waitingBytes)
  padding[0] = 0x80
  new DataView(padding.buffer).setBigUint64(padding.length - 8, 8n * BigInt(message.sizeBytes), true)
  addPiece(message, padding)
}

/** What can be hashed now, in bytes. */
const wholeBlocks = ({ waitingBytes }: Message): number => waitingBytes - (waitingBytes % BLOCK_BYTES)

/** Moves the next blocks of the message to `blocks`, as many as that takes. */
function takeBlocks(message: Message, blocks: Uint8Array): void {
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
function keepRest(message: Message): void {
  message.pieces = message.waitingBytes > 0 ? [Buffer.concat(message.pieces)] : []
}
