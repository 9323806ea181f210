import { type Code, get, set } from './wasm.ts'

/** Arithmetic on words of 32 bits: on those of one message, or of several side by side. */
export interface Arithmetic {
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
export function blockCode(
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
