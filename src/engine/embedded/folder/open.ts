import { join } from 'node:path'
import type { RootDatabase } from 'lmdb'
import type { Random } from '../../../clock/random.ts'
import type { EngineProblems } from '../../ports/engine.ts'
import { DataFolderError, type Loss, refusalOf } from '../data-folder-error.ts'
import { createOpenFiles, type OpenFiles } from '../files/open-files.ts'
import { narrowAll, type WideMode } from '../files/private-files.ts'
import { type Catalog, openCatalog } from '../log/catalog.ts'
import { type LogManifest, openLogManifest, putManifest } from '../log/log-manifest.ts'
import { type FoundLog, inspectLog, lossesOf } from '../log/recovery/inspect-log.ts'
import { manifestOfFiles } from '../log/recovery/manifest-of-files.ts'
import { openDatabase, transact } from '../metadata/database.ts'
import { openRows, type Rows } from '../metadata/rows.ts'
import { DATA_VERSION, openDataFolder } from './data-folder.ts'
import { forgetCleanStop, noteCleanStop } from './mark.ts'
import { completeParts, IDENTITY, identityRow, metadataFile } from './parts.ts'
import { prepareFolder } from './prepare.ts'

export interface OpenFolder {
  readonly root: RootDatabase
  readonly rows: Rows
  readonly catalog: Catalog
  readonly manifest: LogManifest
  readonly files: OpenFiles
  readonly found: FoundLog
  /** Something is missing, and that was accepted: nothing may be swept in this life. */
  readonly isIncomplete: boolean
}

interface OpenFolderOptions {
  readonly folder: string
  readonly random: Random
  readonly problems: EngineProblems
  readonly erase: boolean
  readonly acceptDataLoss: boolean
  /** Is told what others than the owner could read or write until now. */
  readonly onWideModes: (found: readonly WideMode[]) => void
  /** Is handed what closes again what was opened; the last one first. */
  readonly opened: (close: () => unknown) => void
}

/** The data folder, its parts and what lies side by side in them. */
const SHOWN_LEVELS = 2

/**
 * Locks the folder, makes or upgrades it, and compares what is there with what must be there. Throws DataFolderError;
 * nothing was changed then where something is missing.
 */
export async function openFolder(options: OpenFolderOptions): Promise<OpenFolder> {
  const { folder, random, problems, erase, acceptDataLoss, onWideModes, opened } = options
  const logFolder = join(folder, 'log')
  const { lock, state } = await openDataFolder(folder)
  opened(lock.release)
  const wide = await narrowAll(folder, SHOWN_LEVELS)
  if (wide.length > 0) onWideModes(wide)
  const { mark, losses, isManifestDamaged } = await prepareFolder({
    folder,
    state,
    random,
    erase,
    acceptDataLoss,
  })
  const root = openDatabase(join(folder, 'metadata'))
  opened(() => root.close())
  await narrowAll(join(folder, 'metadata'), 1)
  const rows = openRows(root)
  const id = rows.get(IDENTITY, identityRow)?.id ?? mark?.id
  if (id === undefined || (mark && mark.id !== id))
    throw new DataFolderError(
      'Damaged',
      `${folder}: metadata/data.mdb is that of another data folder: put back the one that belongs here`,
    )
  const manifest = openLogManifest(root, rows)
  if (isManifestDamaged) await completeManifest(root, rows, manifest, logFolder)
  const catalog = openCatalog(root, rows)
  const files = createOpenFiles()
  opened(files.close)
  const found = await inspectLog({ folder: logFolder, manifest, files, found: catalog.found })
  const all: Loss[] = [...losses, ...lossesOf(found)]
  if (all.length > 0 && !acceptDataLoss) throw refusalOf(folder, all)
  if (all.length > 0) {
    await transact(root, () => rows.put(IDENTITY, { id }))
    await completeParts(folder, { dataVersion: DATA_VERSION, id })
  }
  for (const { where, what } of all) problems.report({ code: 'DataLost', where, what })
  await forgetCleanStop(folder)
  return { root, rows, catalog, manifest, files, found, isIncomplete: all.length > 0 }
}

/** What the manifest no longer tells of is taken as it is found. */
async function completeManifest(root: RootDatabase, rows: Rows, manifest: LogManifest, logFolder: string) {
  const known = new Set([...manifest.wals().keys(), ...manifest.segments().keys()])
  const found = await manifestOfFiles(logFolder, known)
  await transact(root, () => putManifest(rows, found))
}

/** After everything is closed but the lock. */
export const leaveFolder = (folder: string): Promise<void> => noteCleanStop(folder, metadataFile(folder))
