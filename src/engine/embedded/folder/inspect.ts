import { join } from 'node:path'
import { createOpenFiles } from '../files/open-files.ts'
import { openCatalog } from '../log/catalog.ts'
import { openLogManifest } from '../log/log-manifest.ts'
import { inspectLog, lossesOf } from '../log/recovery/inspect-log.ts'
import { verifyLog } from '../log/recovery/verify-log.ts'
import { type Loss, refusalOf } from '../loss.ts'
import { openDatabaseToRead } from '../metadata/database.ts'
import { openRows } from '../metadata/rows.ts'
import { openDataFolder } from './data-folder.ts'
import { inspectParts } from './parts.ts'
import { lossesOfBlobs } from './verify-blobs.ts'
import { versionToUpgrade } from './versions/upgrade.ts'

export interface Thorough {
  /** The documents below it name the blobs that are wanted. */
  readonly blobsPrefix: string
}

/**
 * Says what a start would say of an existing data folder that nobody uses, without changing anything in it; if it is to
 * be `thorough`, all of its metadata, records and blobs are read. Throws DataFolderError.
 */
export async function inspectFolder(folder: string, thorough?: Thorough): Promise<void> {
  const { lock, state } = await openDataFolder(folder)
  try {
    if (state === 'new' || versionToUpgrade(state) !== undefined) return
    if (state !== 'lost' && state.from !== undefined) return
    const { losses, metadata } = await inspectParts(folder, state, thorough !== undefined)
    const inside = metadata === 'whole' ? await lossesInside(folder, thorough) : []
    if (losses.length + inside.length > 0) throw refusalOf(folder, [...losses, ...inside])
  } finally {
    lock.release()
  }
}

async function lossesInside(folder: string, thorough: Thorough | undefined): Promise<Loss[]> {
  const root = openDatabaseToRead(join(folder, 'metadata'))
  const files = createOpenFiles()
  try {
    const rows = openRows(root)
    const { found } = openCatalog(root, rows)
    const manifest = openLogManifest(root, rows)
    const log = await inspectLog({ folder: join(folder, 'log'), manifest, files, found })
    if (!thorough) return lossesOf(log)
    const inSegments = await verifyLog(log, files, found)
    return [...lossesOf(log), ...inSegments, ...(await lossesOfBlobs(folder, root, thorough.blobsPrefix))]
  } finally {
    await files.close()
    await root.close()
  }
}
