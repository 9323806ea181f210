import { type Change, type Document, isEngineError, type MetadataStore, type Revision } from './engine.ts'

/** What a transition decides: the new value, `undefined` to delete; further changes join the same commit. */
export interface Transition<T, R> {
  readonly value: T | undefined
  readonly also?: readonly Change[]
  readonly result: R
}

/**
 * Compare-and-set: reads the document, asks the pure `decide` what becomes of it, and commits that if nobody
 * was faster; otherwise asks again. Exceptions of `decide` pass through and change nothing.
 */
export async function update<T, R>(
  metadata: MetadataStore,
  key: string,
  decide: (current: T | undefined, revision: Revision | undefined) => Transition<T, R>,
): Promise<R> {
  for (;;) {
    const current: Document<T> | undefined = await metadata.get<T>(key)
    const { value, also = [], result } = decide(current?.value, current?.revision)
    const expect = current?.revision ?? 'absent'
    if (value === undefined && expect === 'absent' && also.length === 0) return result
    const own: Change =
      value !== undefined
        ? { put: key, value, expect }
        : expect === 'absent'
          ? { check: key, expect }
          : { delete: key, expect }
    try {
      await metadata.commit([own, ...also])
      return result
    } catch (error) {
      if (!isEngineError(error, 'Conflict')) throw error
    }
  }
}

/** Compare-and-set over several documents: reads, decides and commits again until nobody was faster. */
export async function untilCommitted<T>(attempt: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await attempt()
    } catch (error) {
      if (!isEngineError(error, 'Conflict')) throw error
    }
}
