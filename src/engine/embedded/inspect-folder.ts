import { join } from 'node:path'
import { openCatalog } from './catalog.ts'
import { openDataFolder } from './data-folder.ts'
import { openDatabaseToRead } from './database.ts'
import { inspectParts } from './folder-parts.ts'
import { inspectLog, lossesOf } from './inspect-log.ts'
import { openLogManifest } from './log-manifest.ts'
import { type Loss, refusalOf } from './loss.ts'
import { createOpenFiles } from './open-files.ts'
import { openRows } from './rows.ts'
import { verifyLog } from './verify-log.ts'
import { versionToUpgrade } from './versions/upgrade.ts'

/**
 * Says what a start would say of an existing data folder that nobody uses, without changing anything in it; with
 * `isThorough` all of its metadata and records are read. Throws DataFolderError.
 */
export async function inspectFolder(folder: string, isThorough = false): Promise<void> {
  const { lock, state } = await openDataFolder(folder)
  try {
    if (state === 'new' || versionToUpgrade(state) !== undefined) return
    if (state !== 'lost' && state.from !== undefined) return
    const { losses, metadata } = await inspectParts(folder, state, isThorough)
    const inLog = metadata === 'whole' ? await lossesOfLog(folder, isThorough) : []
    if (losses.length + inLog.length > 0) throw refusalOf(folder, [...losses, ...inLog])
  } finally {
    lock.release()
  }
}

async function lossesOfLog(folder: string, isThorough: boolean): Promise<Loss[]> {
  const root = openDatabaseToRead(join(folder, 'metadata'))
  const files = createOpenFiles()
  try {
    const rows = openRows(root)
    const { found } = openCatalog(root, rows)
    const manifest = openLogManifest(root, rows)
    const log = await inspectLog({ folder: join(folder, 'log'), manifest, files, found })
    return [...lossesOf(log), ...(isThorough ? await verifyLog(log, files, found) : [])]
  } finally {
    await files.close()
    await root.close()
  }
}
