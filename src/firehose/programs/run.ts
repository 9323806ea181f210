import type { AnswerMemory } from './answer-memory.ts'

/** What a thread that runs jq is started with. */
export interface ThreadData {
  readonly wasm: object
  readonly answers: AnswerMemory
}

/** One run of jq over documents that follow one another. */
export interface Run {
  readonly program: string
  /** JSON in UTF-8. */
  readonly input: Uint8Array<ArrayBuffer>
  /** What the program's `now` is, ms since 1970. */
  readonly now: number
  /** What its heap may grow by. */
  readonly memoryBytes: number
}

/** How a run ended by itself; its answers are in the memory that the thread was started with. */
export interface RunEnd {
  /**
   * `uncompilable`: the program is no jq. `failed`: jq stopped at a document. `memory`: it wanted more than it may have, or
   * gives a longer answer. `full`: there is no room for further answers. `crashed`: jq itself came to grief.
   */
  readonly kind: 'done' | 'uncompilable' | 'failed' | 'memory' | 'full' | 'crashed'
  /** What jq says of it. */
  readonly reason: string
  /** Another run needs a new thread. */
  readonly isWorn: boolean
}
