import type { Exceeded } from '../../delivery/step.ts'

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
