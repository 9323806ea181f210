import { resolve } from 'node:path'
import type { Backup } from '../../ports/engine.ts'
import { lockDataFolder } from '../folder/data-folder.ts'
import { filesOf } from './folder-files.ts'
import { writeBackup } from './write-backup.ts'

/**
 * Copies the data folder of a server that does not run, as it is, whatever its version: one that was killed starts
 * from its backup as it would from itself. Rejects with BackupError, or DataFolderError when the folder is in use or
 * is none.
 */
export async function backUpFolder(folder: string, to: string): Promise<Backup> {
  const from = resolve(folder)
  const lock = await lockDataFolder(from)
  try {
    return await writeBackup({ from, to }, async (backup) => {
      await backup.checkRoom(filesOf(from), 0)
      for await (const file of filesOf(from)) await backup.add(file)
    })
  } finally {
    lock.release()
  }
}
