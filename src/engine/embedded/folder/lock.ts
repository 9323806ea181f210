import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isErrno } from '../files/durable-file.ts'
import { FILE_MODE } from '../files/private-files.ts'

export interface FolderLock {
  release(): void
}

/**
 * Keeps every other process, and every other lock in this one, out of a folder; undefined when it is taken. The system
 * takes both of its locks back when the process ends, however it ends, so there is no stale lock to guess about.
 */
export async function lockFolder(folder: string): Promise<FolderLock | undefined> {
  const file = lockFile(join(folder, 'standpipe.lock'))
  if (!file) return undefined
  try {
    const name = await lockName(folder)
    if (name) return { release: () => [name, file].forEach((lock) => void lock.release()) }
    file.release()
    return undefined
  } catch (error) {
    file.release()
    throw error
  }
}

/**
 * Node itself cannot lock files, SQLite can, on every system. It holds between containers that share a folder, too. No data
 * is ever written through it. Whoever removes the file makes room for a second lock: that is what the name is for.
 */
function lockFile(path: string): FolderLock | undefined {
  // SQLite's journal gets the mode of its file.
  closeSync(openSync(path, 'a', FILE_MODE))
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

const NO_LOCK: FolderLock = { release: () => undefined }

/**
 * Linux has socket names that are no files: nobody can remove one while its process lives. It is the folder's own,
 * under whatever path it is reached. Elsewhere there is only the file.
 */
async function lockName(folder: string): Promise<FolderLock | undefined> {
  if (process.platform !== 'linux') return NO_LOCK
  const { dev, ino } = await stat(folder, { bigint: true })
  // Whoever connects is told nothing.
  const server = createServer((socket) => socket.destroy()).unref()
  try {
    server.listen({ path: `\0standpipe/${dev}/${ino}`, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) return undefined
    // Some sandboxes have no such sockets.
    return NO_LOCK
  }
  server.on('error', () => undefined)
  return { release: () => void server.close() }
}
