import { BackupError, backUpFolder as copyFolder } from '../engine/embedded/backup/write-backup.ts'
import { inspectFolder } from '../engine/embedded/folder/inspect.ts'
import type { Backup, BackupOptions, Engine } from '../engine/ports/engine.ts'
import { wantedPrefix } from '../s3/documents.ts'
import { ServiceException } from '../service/exception.ts'
import { hasKeptKeys } from './access/keys/kept-over-reset.ts'

export { openFolderIam } from './access/folder-iam.ts'

/** Throws BackupRefused with the reason in one line. */
export async function backUp(engine: Engine, directory: string, options: BackupOptions): Promise<Backup> {
  if (!engine.backUp)
    throw new ServiceException(
      'BackupRefused',
      'this server keeps everything in memory: there is nothing to back up',
    )
  try {
    return await engine.backUp(directory, options)
  } catch (error) {
    if (error instanceof BackupError) throw new ServiceException('BackupRefused', error.message, 409)
    throw error
  }
}

/** Of a folder that no server uses. Rejects with BackupError, or with DataFolderError. */
export const backUpFolder: typeof copyFolder = async (folder, ...more) => {
  // A copy without the keys would be open.
  if (hasKeptKeys(folder))
    throw new BackupError(
      'a reset of this folder was killed before its keys were put back: start the server once',
    )
  return await copyFolder(folder, ...more)
}

/**
 * Why an existing data folder could not be opened now, or, with `isThorough`, what is damaged in it; undefined when all is
 * well. Changes nothing.
 */
export async function inspectDataFolder(folder: string, isThorough = false): Promise<string | undefined> {
  try {
    await inspectFolder(folder, isThorough ? { blobsPrefix: wantedPrefix } : undefined)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
