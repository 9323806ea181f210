import { BackupError } from '../engine/embedded/backup/backup-error.ts'
import type { Backup, Engine } from '../engine/engine.ts'
import { ServiceException } from '../service/exception.ts'

export { backUpFolder } from '../engine/embedded/backup/back-up-folder.ts'

/** Throws BackupRefused with the reason in one line. */
export async function backUp(engine: Engine, directory: string): Promise<Backup> {
  if (!engine.backUp)
    throw new ServiceException(
      'BackupRefused',
      'this server keeps everything in memory: there is nothing to back up',
    )
  try {
    return await engine.backUp(directory)
  } catch (error) {
    if (error instanceof BackupError) throw new ServiceException('BackupRefused', error.message, 409)
    throw error
  }
}
