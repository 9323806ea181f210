import { type Change, type Document, isEngineError, type MetadataStore, type Revision } from './engine.ts'

/** What a transition decides: the new value, `undefined` to delete; further changes join the same commit. */
export interface Transition<T, R> {
  readonly value: T | undefined
  readonly also?: readonly Change[]
  readonly result: R
}

/** A document that is to be changed. */
interface Changing<T> {
  readonly metadata: Pick<MetadataStore, 'commit'>
  readonly key: string
  readonly read: () => Promise<Document<T> | undefined>
}

/**
 * Compare-and-set: reads the document, asks the pure `decide` what becomes of it, and commits that if nobody
 * was faster; otherwise asks again. Exceptions of `decide` pass through and change nothing.
 */
export function updateDocument<T, R>(
  { metadata, key, read }: Changing<T>,
  decide: (current: T | undefined, revision: Revision | undefined) => Transition<T, R>,
): Promise<R> {
  return untilCommitted(async () => {
    const current = await read()
    const { value, also = [], result } = decide(current?.value, current?.revision)
    const expect = current?.revision ?? 'absent'
    if (value === undefined && expect === 'absent' && also.length === 0) return result
    const own: Change =
      value !== undefined
        ? { put: key, value, expect }
        : expect === 'absent'
          ? { check: key, expect }
          : { delete: key, expect }
    await metadata.commit([own, ...also])
    return result
  })
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

/** For what is more than one commit takes (`limits.changes`) and need not happen at once: so many at a time. */
export function* inPortions<T>(items: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += most) yield items.slice(from, from + most)
}
