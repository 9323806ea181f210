import type { Exceeded } from '../../delivery/step.ts'
import type { AnswerMemory } from './answer-memory.ts'

/** What a program may take for each document. */
export interface Bounds {
  /** Machine time. */
  readonly timeMs: number
  readonly memoryBytes: number
}
export const BOUNDS: Bounds = { timeMs: 1000, memoryBytes: 64 * 2 ** 20 }

/** What a program gives for a document; `flaw`: it was not asked, since the document is no JSON that jq could read. */
export type Answer =
  | { readonly values: readonly unknown[] }
  | { readonly failure: string }
  | { readonly flaw: string }
  | { readonly exceeded: Exceeded }

export interface AnswerOptions {
  readonly bounds: Bounds
  /** What the program's `now` is, ms since 1970. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
  /** Told of each answer; false ends it all. */
  readonly goesOn?: (answer: Answer) => boolean
}

/** Runs users' jq programs, never on this thread. */
export interface Programs {
  /** Whether it is jq, without running it: what jq says against it, or undefined. */
  check(query: string): Promise<string | undefined>
  /** An answer for each document, or as many as there are when `goesOn` ended it. */
  answers(query: string, documents: readonly Uint8Array[], options: AnswerOptions): Promise<Answer[]>
  /** Ends the threads. */
  close(): Promise<void>
}

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
