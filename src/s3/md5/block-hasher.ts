import {
  type Code,
  get,
  I32,
  i32,
  i32x4,
  instantiate,
  moduleOf,
  repeatWhile,
  set,
  tee,
  V128,
  type WasmFunction,
  type WasmModule,
} from './wasm.ts'

/** How many messages are hashed side by side. */
export const LANES = 4
/** MD5 goes by blocks. */
export const BLOCK_BYTES = 64
/** What is hashed at once of a message: a page of WebAssembly's memory. */
export const LANE_BYTES = 64 * 1024

/** Lanes of memory for blocks, and MD5's inner loop over them. */
export interface BlockHasher {
  /** States: the four words of one message, or the first words of four messages, the second words, … */
  readonly states: Uint32Array
  /** Lane after lane. */
  readonly bytes: Uint8Array
  /** Goes on with the state of one message, over whole blocks in lane 0. */
  readonly one: (sizeBytes: number) => void
  /** Goes on with the states of four messages, over whole blocks in each lane. */
  readonly four: (sizeBytes: number) => void
}

type Exports = Pick<BlockHasher, 'one' | 'four'> & { readonly memory: { readonly buffer: ArrayBuffer } }

/** The first page of the memory has the states, the others are lanes. */
const compile = () => moduleOf(1 + LANES, [one(), four()])
let compiled: WasmModule | undefined

export function createBlockHasher(): BlockHasher {
  compiled ??= compile()
  const { memory, one, four } = instantiate(compiled) as Exports
  const states = new Uint32Array(memory.buffer, 0, WORDS.length * LANES)
  return { states, bytes: new Uint8Array(memory.buffer, LANE_BYTES), one, four }
}

const WORDS = [0, 1, 2, 3]
const SIZE = 0
const AT = 1
const nextBlock = set(AT, i32.add(get(AT), i32.constant(BLOCK_BYTES)))
const isMore = i32.lessThan(get(AT), get(SIZE))

function one(): WasmFunction {
  const [state, before] = [locals(2, 4), locals(6, 4)]
  const message = (index: number) => i32.load(get(AT), LANE_BYTES + 4 * index)
  return {
    name: 'one',
    parameters: 1,
    locals: Array(9).fill(I32),
    body: [
      WORDS.map((word) => set(state[word]!, i32.load(i32.constant(0), 4 * word))),
      repeatWhile([blockCode(i32, state, before, message), nextBlock], isMore),
      WORDS.map((word) => i32.store(i32.constant(0), 4 * word, get(state[word]!))),
    ],
  }
}

function four(): WasmFunction {
  const [state, before, message, rows] = [locals(2, 4), locals(6, 4), locals(10, 16), locals(26, 4)]
  const [spare] = rows as [number]
  const word: Arithmetic = {
    ...i32x4,
    rotateLeft: (value, bits) =>
      i32x4.or(i32x4.shiftLeft(tee(spare, value), bits), i32x4.shiftRight(get(spare), 32 - bits)),
  }
  const columns = WORDS.map((quarter) => {
    const row = (lane: number) => i32x4.load(get(AT), LANE_BYTES * (1 + lane) + 16 * quarter)
    return transposed(WORDS.map(row), rows, message.slice(4 * quarter, 4 * quarter + 4))
  })
  const block = blockCode(word, state, before, (index) => get(message[index]!))
  return {
    name: 'four',
    parameters: 1,
    locals: [I32, ...Array(28).fill(V128)],
    body: [
      WORDS.map((word) => set(state[word]!, i32x4.load(i32.constant(0), 16 * word))),
      repeatWhile([columns, block, nextBlock], isMore),
      WORDS.map((word) => i32x4.store(i32.constant(0), 16 * word, get(state[word]!))),
    ],
  }
}

const locals = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/** Sets the locals `columns` to the columns of a square whose rows are given; `spare` locals are used on the way. */
const transposed = (rows: readonly Code[], spare: readonly number[], columns: readonly number[]): Code => [
  setAll(columns, rows),
  setAll(spare, interleaved(columns)),
  setAll(columns, interleaved(spare)),
]

const setAll = (locals: readonly number[], values: readonly Code[]): Code =>
  values.map((value, index) => set(locals[index]!, value))

/** Twice this makes columns of rows. */
function interleaved(rows: readonly number[]): Code[] {
  const [a, b, c, d] = rows.map(get) as [Code, Code, Code, Code]
  const low = (left: Code, right: Code) => i32x4.shuffle(left, right, [0, 4, 1, 5])
  const high = (left: Code, right: Code) => i32x4.shuffle(left, right, [2, 6, 3, 7])
  return [low(a, c), high(a, c), low(b, d), high(b, d)]
}

/** Arithmetic on words of 32 bits: on those of one message, or of several side by side. */
interface Arithmetic {
  readonly constant: (value: number) => Code
  readonly add: (left: Code, right: Code) => Code
  readonly and: (left: Code, right: Code) => Code
  readonly or: (left: Code, right: Code) => Code
  readonly xor: (left: Code, right: Code) => Code
  readonly not: (value: Code) => Code
  readonly rotateLeft: (value: Code, bits: number) => Code
}

interface Round {
  /** `sum` plus the round's function of b, c and d. */
  readonly mix: (word: Arithmetic, sum: Code, [b, c, d]: readonly [Code, Code, Code]) => Code
  /** Which of the block's words a step takes, modulo 16. */
  readonly wordOf: (step: number) => number
  readonly rotations: readonly number[]
}

const ROUNDS: readonly Round[] = [
  {
    mix: ({ add, and, xor }, sum, [b, c, d]) => add(sum, xor(and(xor(c, d), b), d)),
    wordOf: (step) => step,
    rotations: [7, 12, 17, 22],
  },
  {
    // Two additions are here the same as `or`, and only the second has to wait for b, which is the newest.
    mix: ({ add, and, not }, sum, [b, c, d]) => add(add(sum, and(not(d), c)), and(b, d)),
    wordOf: (step) => 5 * step + 1,
    rotations: [5, 9, 14, 20],
  },
  {
    mix: ({ add, xor }, sum, [b, c, d]) => add(sum, xor(xor(c, d), b)),
    wordOf: (step) => 3 * step + 5,
    rotations: [4, 11, 16, 23],
  },
  {
    mix: ({ add, or, xor, not }, sum, [b, c, d]) => add(sum, xor(or(not(d), b), c)),
    wordOf: (step) => 7 * step,
    rotations: [6, 10, 15, 21],
  },
]

/**
 * MD5 of one block: `state` are the locals of its four words, `before` are for what they were; `message` gives the
 * block's words. https://www.rfc-editor.org/rfc/rfc1321#section-3.4
 */
function blockCode(
  word: Arithmetic,
  state: readonly number[],
  before: readonly number[],
  message: (index: number) => Code,
): Code {
  const keep = state.map((local, index) => set(before[index]!, get(local)))
  const steps = Array.from({ length: 64 }, (_, step) => {
    const { mix, wordOf, rotations } = ROUNDS[step >> 4]!
    const local = (index: number) => state[(index - step) & 3]!
    const sine = Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0
    const sum = word.add(word.add(get(local(0)), message(wordOf(step) & 15)), word.constant(sine))
    const mixed = mix(word, sum, [get(local(1)), get(local(2)), get(local(3))])
    return set(local(0), word.add(word.rotateLeft(mixed, rotations[step & 3]!), get(local(1))))
  })
  const add = state.map((local, index) => set(local, word.add(get(local), get(before[index]!))))
  return [keep, steps, add]
}
