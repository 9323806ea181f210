import { DatabaseSync } from 'node:sqlite'

export interface FolderLock {
  release(): void
}

/**
 * Locks a file against every other process and every other lock in this one; undefined when it is taken.
 * Node itself cannot lock files, SQLite can, on every system: the system takes the lock back when the process
 * ends, however it ends, so there is no stale lock to guess about. No data is ever written through it.
 */
export function lockFolder(path: string): FolderLock | undefined {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    const SQLITE_BUSY = 5
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
  return { release: () => database.close() }
}
