import { readdir } from 'node:fs/promises'
import { DataFolderError, takesNothing } from '../data-folder-error.ts'
import { syncFoldersAbove } from '../files/durable-file.ts'
import { makeFolders } from '../files/make-folders.ts'
import { narrow } from '../files/private-files.ts'
import { type FolderLock, lockFolder } from './lock.ts'
import { type FolderMark, markPath, readMark } from './mark.ts'

export const DATA_VERSION = 2

/** What `standpipe.json` says; `new` in a folder that was never used, `lost` where it must have been. */
export type FolderState = FolderMark | 'new' | 'lost'

/** Checks that the folder is ours to read, and keeps every other process out of it. Made if need be. */
export async function openDataFolder(folder: string): Promise<{ lock: FolderLock; state: FolderState }> {
  try {
    if ((await makeFolders(folder)) !== undefined) await narrow(folder)
  } catch (error) {
    throw unusable(folder, error)
  }
  await readState(folder)
  const lock = await lockUnlessBusy(folder)
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

async function lockUnlessBusy(folder: string): Promise<FolderLock> {
  const lock = await lockFolder(folder).catch((error) => {
    throw unusable(folder, error)
  })
  if (lock) return lock
  throw new DataFolderError(
    'Busy',
    `${folder} is in use by another Standpipe: stop that one, or choose another folder with --data`,
  )
}

const unusable = (folder: string, error: unknown) =>
  takesNothing(folder, error) ??
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
