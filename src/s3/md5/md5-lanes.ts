import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BlockHasher, createBlockHasher, LANE_BYTES, LANES } from './block-hasher.ts'
import { addPiece, emptyMessage, keepRest, type Message, pad, takeBlocks, wholeBlocks } from './message.ts'

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
