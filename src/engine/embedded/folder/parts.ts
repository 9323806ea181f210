import { access, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { shape, text } from '../../ports/checks.ts'
import type { Loss } from '../data-folder-error.ts'
import { isErrno, syncFolder, syncFoldersAbove } from '../files/durable-file.ts'
import { FOLDER_MODE } from '../files/private-files.ts'
import { openDatabase, openDocuments, transact } from '../metadata/database.ts'
import { openRows } from '../metadata/rows.ts'
import { DATA_VERSION, type FolderState } from './data-folder.ts'
import { type FolderMark, identityPath, isCleanlyStopped, markPath, readMark, writeMark } from './mark.ts'
import type { Walk } from './walk/program.ts'
import { walkMetadata } from './walk/walk-metadata.ts'

/** The parts of a data folder, each in a folder of its own. */
export const PARTS = ['metadata', 'log', 'blobs'] as const
/** Those whose files nobody but us reads and writes: their identity is a file. */
const FILE_PARTS = ['log', 'blobs'] as const

export const metadataFile = (folder: string): string => join(folder, 'metadata', 'data.mdb')
/** The row that says whose metadata they are. */
export const IDENTITY = 'identity'
export const identityRow = shape<Pick<FolderMark, 'id'>>({ id: text })

const EVERYTHING = 'every stream, delivery stream, bucket and object'

export const METADATA_MISSING: Loss = {
  where: 'metadata/data.mdb',
  what: `is missing: ${EVERYTHING}`,
}

export const METADATA_UNREADABLE: Loss = {
  where: 'metadata/data.mdb',
  what: `is damaged and cannot be read: ${EVERYTHING}`,
}

export interface Parts {
  readonly losses: readonly Loss[]
  /** Absent when no part tells any more. */
  readonly mark: FolderMark | undefined
  readonly metadata: 'whole' | 'missing' | 'damaged' | 'unreadable'
  /** What a child process found in the metadata, where it was asked. */
  readonly walk?: Walk | undefined
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * Whether all parts are there and of one data folder; reads through the metadata if the last end was not a clean one,
 * or if `isThorough`. Changes nothing.
 */
export async function inspectParts(folder: string, state: FolderState, isThorough: boolean): Promise<Parts> {
  const identities = await Promise.all(FILE_PARTS.map((part) => readMark(identityPath(join(folder, part)))))
  const mark = mostNamed([state, ...identities].filter((one) => typeof one === 'object'))
  const losses: Loss[] = []
  if (typeof state === 'string')
    losses.push({ where: 'standpipe.json', what: 'is missing or cannot be read' })
  else if (state.id !== mark?.id)
    losses.push({ where: 'standpipe.json', what: 'is not that of this data folder' })
  const { metadata, walk, loss } = await inspectMetadata(folder, isThorough)
  if (loss) losses.push(loss)
  for (const [index, part] of FILE_PARTS.entries()) {
    const identity = identities[index]
    if (!(await isThere(join(folder, part)))) losses.push({ where: part, what: 'is missing' })
    else if (identity === undefined) losses.push({ where: `${part}/identity`, what: 'is missing' })
    else if (identity === 'unreadable' || identity.id !== mark?.id)
      losses.push({ where: `${part}/identity`, what: 'is not that of this data folder' })
  }
  return { losses, mark, metadata, walk }
}

/** One of them may be wrong; the first where nothing tells. */
function mostNamed(marks: readonly FolderMark[]): FolderMark | undefined {
  const votesFor = ({ id }: FolderMark) => marks.filter((other) => other.id === id).length
  return marks.toSorted((a, b) => votesFor(b) - votesFor(a))[0]
}

async function inspectMetadata(
  folder: string,
  isThorough: boolean,
): Promise<Pick<Parts, 'metadata' | 'walk'> & { loss?: Loss }> {
  const file = metadataFile(folder)
  const { where } = METADATA_MISSING
  if (!(await isThere(file))) return { metadata: 'missing', loss: METADATA_MISSING }
  if (!isThorough && (await isCleanlyStopped(folder, file))) return { metadata: 'whole' }
  const walk = await walkMetadata(join(folder, 'metadata'), DATA_VERSION)
  if (!walk) return { metadata: 'unreadable', loss: METADATA_UNREADABLE }
  if (walk.damaged.length === 0) return { metadata: 'whole', walk }
  return { metadata: 'damaged', walk, loss: { where, what: `is damaged: ${namedIn(walk)}` } }
}

const MOST_NAMED = 20

function namedIn({ damaged }: Walk): string {
  const more = damaged.length > MOST_NAMED ? ` and ${damaged.length - MOST_NAMED} more` : ''
  return `${damaged.slice(0, MOST_NAMED).join(', ')}${more}`
}

/**
 * Makes a data folder with nothing in it, of one that had something as well. Once it has begun it is gone on with at
 * the next start: nothing of what was there comes back.
 */
export async function makeParts(folder: string, id: string): Promise<void> {
  await writeMark(markPath(folder), { dataVersion: DATA_VERSION, id, from: 0 })
  await syncFoldersAbove(folder)
  for (const part of PARTS) await rm(join(folder, part), { recursive: true, force: true })
  const root = await makeMetadata(folder)
  // A walk misses what is not there.
  openDocuments(root)
  const rows = openRows(root)
  await transact(root, () => rows.put(IDENTITY, { id }))
  await root.close()
  await completeParts(folder, { dataVersion: DATA_VERSION, id })
}

async function makeMetadata(folder: string) {
  const path = join(folder, 'metadata')
  await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  const root = openDatabase(path)
  await syncFolder(path)
  await syncFolder(folder)
  return root
}

/** Makes what is missing around the metadata, so that all parts say the same. */
export async function completeParts(folder: string, mark: FolderMark): Promise<void> {
  await writeIdentities(folder, mark)
  await writeMark(markPath(folder), mark)
}

export async function writeIdentities(folder: string, mark: FolderMark): Promise<void> {
  for (const part of FILE_PARTS) {
    await mkdir(join(folder, part), { recursive: true, mode: FOLDER_MODE })
    await syncFolder(folder)
    await writeMark(identityPath(join(folder, part)), mark)
  }
}

/** None where there is no such folder; one that cannot be read is not taken for an empty one. */
const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error) => {
    if (isErrno(error, 'ENOENT')) return []
    throw error
  })

/** Whether there are records or blobs. */
export async function holdsSomething(folder: string): Promise<boolean> {
  for (const part of FILE_PARTS) {
    const names = await namesIn(join(folder, part))
    if (names.some((name) => name !== 'identity' && name !== 'unfinished')) return true
  }
  return false
}

/** Keeps what is left of each part under another name: without metadata that can be read nothing is found in them. */
export async function setPartsAside(folder: string): Promise<string[]> {
  const kept: string[] = []
  // The metadata go last: while they are there, the next start sees the same loss.
  for (const part of PARTS.toReversed()) {
    const names = await namesIn(join(folder, part))
    if (names.every((name) => name === 'lock.mdb')) continue
    const aside = await freeName(folder, `${part}.damaged`)
    await rename(join(folder, part), join(folder, aside))
    kept.push(aside)
  }
  await syncFolder(folder)
  return kept
}

/** Of a file or folder that is kept beside the one that takes its place. */
export async function freeName(folder: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const free = count === 1 ? name : `${name}-${count}`
    if (!(await isThere(join(folder, free)))) return free
  }
}
