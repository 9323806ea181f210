import { PolicyError } from '../../../src/auth/policies/policy-error.ts'
import { ServiceException } from '../../../src/service/exception.ts'

/** A parser as the fuzzer meets it. */
export interface Target {
  /** Well-formed inputs to begin with, as latin1. */
  readonly seeds: readonly string[]
  /** Words that mean something to it. */
  readonly words: readonly string[]
  /** It is over when it returns. */
  readonly isSync: boolean
  /** Throws, or rejects, only when a promise is broken: whatever the input is, it is read or refused. */
  readonly run: (bytes: Buffer) => void | Promise<void>
}

/** What a parser may throw: an answer, or what is made one of by whoever asked. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ServiceException || error instanceof PolicyError || error instanceof SyntaxError

/** What the task gives; undefined when it refuses. Anything else that it throws is thrown on. */
export function readOrRefused<T>(task: () => T): T | undefined {
  try {
    return task()
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

/** The refusal's code, or what was read. */
export async function outcomeOf<T>(task: () => Promise<T>): Promise<T | { readonly refused: string }> {
  try {
    return await task()
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { refused: error instanceof ServiceException ? error.code : 'refused' }
  }
}

export function expect(isKept: boolean, promise: string): void {
  if (!isKept) throw new Error(`not kept: ${promise}`)
}

/** Several texts of one input: it is cut at each NUL. */
export const textsIn = (bytes: Buffer): string[] => bytes.toString().split('\0')
