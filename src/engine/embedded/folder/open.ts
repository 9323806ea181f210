import { link, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RootDatabase } from 'lmdb'
import type { Random } from '../../../clock/random.ts'
import type { EngineProblems } from '../../ports/engine.ts'
import { DataFolderError, type Loss, refusalOf } from '../data-folder-error.ts'
import { syncFolder } from '../files/durable-file.ts'
import { createOpenFiles, type OpenFiles } from '../files/open-files.ts'
import { narrowAll, type WideMode } from '../files/private-files.ts'
import { type Catalog, openCatalog } from '../log/catalog.ts'
import { type LogManifest, openLogManifest, putManifest } from '../log/log-manifest.ts'
import { type FoundLog, inspectLog, lossesOf } from '../log/recovery/inspect-log.ts'
import { manifestOfFiles } from '../log/recovery/manifest-of-files.ts'
import { openDatabase, transact } from '../metadata/database.ts'
import { openRows, type Rows } from '../metadata/rows.ts'
import { DATA_VERSION, type FolderState, openDataFolder } from './data-folder.ts'
import { type FolderMark, forgetCleanStop, markPath, noteCleanStop, writeMark } from './mark.ts'
import {
  completeParts,
  freeName,
  holdsSomething,
  IDENTITY,
  identityRow,
  inspectParts,
  isThere,
  METADATA_MISSING,
  METADATA_UNREADABLE,
  makeParts,
  metadataFile,
  setPartsAside,
} from './parts.ts'
import { upgrade, versionToUpgrade } from './versions/upgrade.ts'
import { walkMetadata } from './walk/walk-metadata.ts'

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
  /** Called when the folder is nobody else's, before anything is written in it; how much is about to be. */
  readonly locked: (work: 'going on' | 'making it') => Promise<void>
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
  await options.locked(erase || !isMade(state) ? 'making it' : 'going on')
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

const isMade = (state: FolderState): boolean =>
  typeof state === 'object' && state.from === undefined && versionToUpgrade(state) === undefined

/** What the manifest no longer tells of is taken as it is found. */
async function completeManifest(root: RootDatabase, rows: Rows, manifest: LogManifest, logFolder: string) {
  const known = new Set([...manifest.wals().keys(), ...manifest.segments().keys()])
  const found = await manifestOfFiles(logFolder, known)
  await transact(root, () => putManifest(rows, found))
}

/** After everything is closed but the lock. */
export const leaveFolder = (folder: string): Promise<void> => noteCleanStop(folder, metadataFile(folder))

interface PrepareOptions {
  readonly folder: string
  readonly state: FolderState
  readonly random: Pick<Random, 'uuid'>
  readonly erase: boolean
  readonly acceptDataLoss: boolean
}

interface PreparedFolder {
  /** Absent when none of the other parts tells any more. */
  readonly mark: FolderMark | undefined
  /** Of the other parts, still to be refused unless losses are accepted; of the metadata, when they were accepted. */
  readonly losses: readonly Loss[]
  /** What the log's manifest knows is not all that there must be. */
  readonly isManifestDamaged: boolean
}

/**
 * Brings a data folder so far that its metadata can be opened: made, of this version, and whole. Throws
 * DataFolderError Damaged, having changed nothing, where that takes a loss that is not accepted.
 */
async function prepareFolder(options: PrepareOptions): Promise<PreparedFolder> {
  const { folder, state, erase, acceptDataLoss } = options
  if (erase || state === 'new' || (state !== 'lost' && state.from === 0))
    return await beginWithNothing(options)
  if (state !== 'lost' && versionToUpgrade(state) !== undefined) return await bringHere(options, state)
  const { losses, mark, metadata, walk } = await inspectParts(folder, state, acceptDataLoss)
  if (metadata !== 'whole' && !acceptDataLoss) throw refusalOf(folder, losses)
  if (metadata === 'missing' || metadata === 'unreadable') return await beginAnew(options, losses)
  if (metadata === 'damaged') await salvageMetadata(folder)
  return { mark, losses, isManifestDamaged: walk?.isManifestDamaged ?? false }
}

async function beginWithNothing({ folder, random }: PrepareOptions): Promise<PreparedFolder> {
  const mark = { dataVersion: DATA_VERSION, id: random.uuid() }
  await makeParts(folder, mark.id)
  return { mark, losses: [], isManifestDamaged: false }
}

/** Of a version whose metadata have no checksums: only what is not there at all, or cannot be read, can be told. */
async function bringHere(options: PrepareOptions, state: FolderMark): Promise<PreparedFolder> {
  const { folder, random, acceptDataLoss } = options
  if (!(await isThere(metadataFile(folder)))) {
    if (!(await holdsSomething(folder))) return await beginWithNothing(options)
    if (!acceptDataLoss) throw refusalOf(folder, [METADATA_MISSING])
    return await beginAnew(options, [METADATA_MISSING])
  }
  if (!(await walkMetadata(join(folder, 'metadata'), 1))) {
    if (!acceptDataLoss) throw refusalOf(folder, [METADATA_UNREADABLE])
    return await beginAnew(options, [METADATA_UNREADABLE])
  }
  const mark = { dataVersion: DATA_VERSION, id: await upgrade({ folder, state, random }) }
  return { mark, losses: [], isManifestDamaged: false }
}

/** Without the metadata nobody knows what a record or a blob belongs to. */
async function beginAnew(options: PrepareOptions, losses: readonly Loss[]): Promise<PreparedFolder> {
  const { folder, state, random } = options
  // A kill in between must leave what is seen to be a data folder.
  if (state === 'lost') await writeMark(markPath(folder), { dataVersion: DATA_VERSION, id: random.uuid() })
  const kept = await setPartsAside(folder)
  const what = 'is kept and not used: without the metadata nobody knows what belongs to what'
  const made = await beginWithNothing(options)
  return { ...made, losses: [...losses, ...kept.map((where) => ({ where, what }))] }
}

/** Puts a copy of all that is whole in the metadata's place; the damaged file stays beside it. */
async function salvageMetadata(folder: string): Promise<void> {
  const copy = join(folder, 'metadata', 'whole')
  const file = metadataFile(folder)
  await rm(copy, { recursive: true, force: true })
  if (!(await walkMetadata(join(folder, 'metadata'), DATA_VERSION, copy)))
    throw new DataFolderError('Damaged', `${file} could not be copied: restore a backup`)
  await link(file, join(folder, 'metadata', await freeName(join(folder, 'metadata'), 'data.mdb.damaged')))
  await rm(join(folder, 'metadata', 'lock.mdb'), { force: true })
  await rename(join(copy, 'data.mdb'), file)
  await syncFolder(join(folder, 'metadata'))
  await rm(copy, { recursive: true })
}
