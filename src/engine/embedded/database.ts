import { type Database, open, type RootDatabase } from 'lmdb'
import { EngineError } from '../engine.ts'

const ENOSPC = 28

/**
 * Without overlappingSync nothing can be read, let alone acknowledged, before it is on disk. Without
 * eventTurnBatching LMDB makes no promise of its own that would reject, unheard, when a commit fails.
 */
export const openDatabase = (path: string): RootDatabase =>
  open({ path, overlappingSync: false, eventTurnBatching: false })

/** Of a file that may be damaged, or is not to be changed. */
export const openDatabaseToRead = (path: string): RootDatabase => open({ path, readOnly: true })

/** Under their keys' UTF-8 bytes; a document's version there is its revision. */
export const openDocuments = (root: RootDatabase): Database<Buffer, Buffer> =>
  root.openDB({ name: 'documents', encoding: 'binary', keyEncoding: 'binary', useVersions: true })

/** Resolves when what `action` wrote is durable. Rejects with StorageFull, and then none of it is written. */
export async function transact<T>(root: RootDatabase, action: () => T): Promise<T> {
  try {
    return await root.transaction(action)
  } catch (error) {
    throw await reasonOf(error)
  }
}

/** LMDB says in a second rejection why a commit failed. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> }
  const reason: unknown = commitError ? await commitError.catch((cause: unknown) => cause) : error
  const isFull = (reason as { code?: unknown }).code === ENOSPC
  return isFull ? new EngineError('StorageFull', (reason as Error).message) : reason
}
