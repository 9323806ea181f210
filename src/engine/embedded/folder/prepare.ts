import { link, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../../clock/random.ts'
import { DataFolderError, type Loss, refusalOf } from '../data-folder-error.ts'
import { syncFolder } from '../files/durable-file.ts'
import { DATA_VERSION, type FolderState } from './data-folder.ts'
import { type FolderMark, markPath, writeMark } from './mark.ts'
import {
  freeName,
  holdsSomething,
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

interface PrepareOptions {
  readonly folder: string
  readonly state: FolderState
  readonly random: Pick<Random, 'uuid'>
  readonly erase: boolean
  readonly acceptDataLoss: boolean
}

export interface PreparedFolder {
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
export async function prepareFolder(options: PrepareOptions): Promise<PreparedFolder> {
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
