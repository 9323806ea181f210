import { isEngineError, type MetadataStore, type Revision } from '../engine/engine.ts'

/** What stands under a key, for who is to put something in its place. */
export interface CurrentDocument<T> {
  /** Undefined when there is none, or when it is damaged. */
  readonly value: T | undefined
  /** Undefined when the document is damaged. */
  readonly revision: Revision | 'absent' | undefined
}

/** What is damaged can still be replaced and deleted, only not compared. */
export async function currentDocument<T>(
  metadata: Pick<MetadataStore, 'get'>,
  key: string,
): Promise<CurrentDocument<T>> {
  try {
    const document = await metadata.get<T>(key)
    return { value: document?.value, revision: document?.revision ?? 'absent' }
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return { value: undefined, revision: undefined }
    throw error
  }
}
