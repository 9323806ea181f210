import type { AnswerMemory } from './answer-memory.ts'

/** What a thread that runs jq is started with. */
export interface ThreadData {
  readonly wasm: object
  readonly answers: AnswerMemory
}

/** One run of jq over documents. */
export interface Run {
  readonly program: string
  /** The documents one after another. */
  readonly data: Uint8Array<ArrayBuffer>
  /** Where in it each ends. */
  readonly ends: readonly number[]
  /** What the program's `now` is, ms since 1970. */
  readonly now: number
  /** What its heap may grow by. */
  readonly memoryBytes: number
}

/** Why a document is not given to jq. */
export type Flaw = 'no JSON' | 'deep'

/** What a thread says: that it is there, then of each run first which documents are given to jq, and last how it ended. */
export type Said = 'ready' | { readonly flaws: readonly (Flaw | undefined)[] } | RunEnd

/** How a run ended by itself; its answers are in the memory that the thread was started with. */
export interface RunEnd {
  /**
   * `uncompilable`: the program is no jq. `failed`: jq stopped at a document. `memory`: it wanted more than it may have,
   * or gives a longer answer. `full`: there is no room for further answers. `crashed`: jq itself came to grief.
   */
  readonly kind: 'done' | 'uncompilable' | 'failed' | 'memory' | 'full' | 'crashed'
  /** What jq says of it. */
  readonly reason: string
  /** Another run needs a new thread. */
  readonly isWorn: boolean
}
