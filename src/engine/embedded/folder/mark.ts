import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isErrno, syncFolder, writeFully } from '../files/durable-file.ts'

/**
 * What `standpipe.json` says: whose folder it is. The same stands in each of its parts, so that none can be missing, or
 * be another folder's, unnoticed.
 */
export interface FolderMark {
  readonly dataVersion: number
  /** Absent in version 1. */
  readonly id: string
  /** The version that it is being brought here from; 0 while it is being made. Absent when that is done. */
  readonly from?: number
}

export const markPath = (folder: string): string => join(folder, 'standpipe.json')
/** The mark within a part of the data folder. */
export const identityPath = (part: string): string => join(part, 'identity')

/** Undefined when there is none; `unreadable` when there is something else. */
export async function readMark(path: string): Promise<FolderMark | 'unreadable' | undefined> {
  try {
    const mark: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isMark(mark) ? mark : 'unreadable'
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    if (error instanceof SyntaxError) return 'unreadable'
    throw error
  }
}

function isMark(value: unknown): value is FolderMark {
  if (typeof value !== 'object' || value === null) return false
  const { dataVersion, id, from } = value as Partial<FolderMark>
  if (dataVersion !== 2) return Number.isInteger(dataVersion) && dataVersion! > 0
  return typeof id === 'string' && isVersion(from)
}

const isVersion = (from: number | undefined) => from === undefined || Number.isInteger(from)

/** Durable when it resolves; a crash leaves what was there before. */
export const writeMark = (path: string, mark: FolderMark): Promise<void> =>
  replaceFile(path, Buffer.from(`${JSON.stringify(mark)}\n`))

export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${path}.tmp`, 'w')
  try {
    await writeFully(handle, bytes, 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.tmp`, path)
  await syncFolder(dirname(path))
}
