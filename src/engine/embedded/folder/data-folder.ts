import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderError } from '../data-folder-error.ts'
import { syncFoldersAbove } from '../files/durable-file.ts'
import { FILE_MODE, narrow } from '../files/private-files.ts'
import { type FolderMark, markPath, readMark } from './mark.ts'

export const DATA_VERSION = 2

/** What `standpipe.json` says; `new` in a folder that was never used, `lost` where it must have been. */
export type FolderState = FolderMark | 'new' | 'lost'

/** Checks that the folder is ours to read, and keeps every other process out of it. Made if need be. */
export async function openDataFolder(folder: string): Promise<{ lock: FolderLock; state: FolderState }> {
  try {
    if ((await mkdir(folder, { recursive: true })) !== undefined) await narrow(folder)
  } catch (error) {
    throw unusable(folder, error)
  }
  await readState(folder)
  const lock = lockUnlessBusy(folder)
  try {
    await syncFoldersAbove(folder)
    // Somebody may have had it meanwhile.
    return { lock, state: await readState(folder) }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Keeps every other process out of a data folder that is there, of whatever version. Throws DataFolderError. */
export async function lockDataFolder(folder: string): Promise<FolderLock> {
  const mark = await readMark(markPath(folder)).catch(() => undefined)
  if (mark === undefined)
    throw new DataFolderError('NotAFolder', `${folder} is no data folder: choose another with --data`)
  return lockUnlessBusy(folder)
}

function lockUnlessBusy(folder: string): FolderLock {
  const lock = lockFile(folder)
  if (lock) return lock
  throw new DataFolderError(
    'Busy',
    `${folder} is in use by another Standpipe: stop that one, or choose another folder with --data`,
  )
}

function lockFile(folder: string): FolderLock | undefined {
  try {
    return lockFolder(join(folder, 'standpipe.lock'))
  } catch (error) {
    throw unusable(folder, error)
  }
}

const unusable = (folder: string, error: unknown) =>
  new DataFolderError(
    'NotAFolder',
    `${folder} cannot be used as a data folder (${(error as Error).message}): choose another with --data`,
  )

/** Whether the folder has been used before, and by whom. Throws DataFolderError. */
export async function readState(folder: string): Promise<FolderState> {
  const mark = await readMark(markPath(folder)).catch((error) => {
    throw unusable(folder, error)
  })
  if (mark === 'unreadable') return 'lost'
  if (mark && mark.dataVersion > DATA_VERSION)
    throw new DataFolderError(
      'UnknownVersion',
      `${folder} has data of version ${mark.dataVersion}, this Standpipe reads version ${DATA_VERSION}: use the Standpipe that wrote it, or another folder with --data`,
    )
  if (mark) return mark
  const names = await readdir(folder)
  if (['metadata', 'log', 'blobs'].every((part) => names.includes(part))) return 'lost'
  const foreign = names.find((name) => !/^(\.|standpipe\.|lost\+found$)/.test(name))
  if (foreign !== undefined)
    throw new DataFolderError(
      'NotAFolder',
      `${folder} holds something else (${foreign}): choose an empty folder with --data`,
    )
  return 'new'
}

interface FolderLock {
  release(): void
}

/**
 * Locks a file against every other process and every other lock in this one; undefined when it is taken.
 * Node itself cannot lock files, SQLite can, on every system: the system takes the lock back when the process
 * ends, however it ends, so there is no stale lock to guess about. No data is ever written through it.
 */
function lockFolder(path: string): FolderLock | undefined {
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
