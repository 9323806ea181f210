/** Of one answer, with its line feed: partition keys are names of S3, which has at most 1,024 bytes for one. */
const MAX_ANSWER_BYTES = 2 ** 20
/** Of a run's answers together. */
const MAX_BYTES = 64 * 2 ** 20
const FIRST_BYTES = 64 * 2 ** 10
const LINE_FEED = 10

/** In the header: how many bytes are written, and how many lines they end. */
const WRITTEN = 0
const LINES = 1

/**
 * Where one thread writes answers, a line each, and another reads them: what is written stays readable when the
 * writer is stopped in the middle of an answer.
 */
export interface AnswerMemory {
  readonly header: Int32Array
  readonly bytes: SharedArrayBuffer
}

export const createAnswerMemory = (): AnswerMemory => ({
  header: new Int32Array(new SharedArrayBuffer(8)),
  bytes: new SharedArrayBuffer(FIRST_BYTES, { maxByteLength: MAX_BYTES }),
})

/** What is written next is the first answer again. */
export function clear({ header }: AnswerMemory): void {
  Atomics.store(header, WRITTEN, 0)
  Atomics.store(header, LINES, 0)
}

/** How many answers are whole. */
export const countAnswers = ({ header }: AnswerMemory): number => Atomics.load(header, LINES)

/** The answers that are whole. */
export function readAnswers({ header, bytes }: AnswerMemory): string[] {
  const written = Buffer.from(new Uint8Array(bytes, 0, Atomics.load(header, WRITTEN)))
  return written
    .subarray(0, written.lastIndexOf(LINE_FEED) + 1)
    .toString()
    .split('\n')
    .slice(0, -1)
}

/** Writes pieces of answers as they come; the last one may go on with the next piece. */
export function createAnswerWriter(memory: AnswerMemory) {
  const { header, bytes } = memory
  let openBytes = 0
  return {
    start(): void {
      clear(memory)
      openBytes = 0
    },
    /** Says why it could not be written. */
    write(piece: Uint8Array): 'memory' | 'full' | undefined {
      const first = piece.indexOf(LINE_FEED)
      if (openBytes + (first < 0 ? piece.length : first + 1) > MAX_ANSWER_BYTES) return 'memory'
      const at = Atomics.load(header, WRITTEN)
      const end = at + piece.length
      if (end > MAX_BYTES) return 'full'
      if (end > bytes.byteLength) bytes.grow(Math.min(MAX_BYTES, Math.max(end, 2 * bytes.byteLength)))
      new Uint8Array(bytes).set(piece, at)
      Atomics.store(header, WRITTEN, end)
      for (let feed = first; feed >= 0; feed = piece.indexOf(LINE_FEED, feed + 1))
        Atomics.add(header, LINES, 1)
      const last = piece.lastIndexOf(LINE_FEED)
      openBytes = last < 0 ? openBytes + piece.length : piece.length - last - 1
      return undefined
    },
  }
}
