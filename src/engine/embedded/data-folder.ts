import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno, syncFolder, syncFoldersAbove, writeFully } from './durable-file.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'

const DATA_VERSION = 1

export type DataFolderErrorCode = 'Busy' | 'UnknownVersion' | 'NotAFolder' | 'Damaged'

/** Why a data folder cannot be opened; the message is one line and says what to do. */
export class DataFolderError extends Error {
  readonly code: DataFolderErrorCode
  constructor(code: DataFolderErrorCode, message: string) {
    super(message)
    this.name = 'DataFolderError'
    this.code = code
  }
}

/** Makes the folder if need be, checks that it is ours to read, and keeps every other process out of it. */
export async function openDataFolder(folder: string): Promise<FolderLock> {
  const exists = await readVersion(folder)
  const lock = lockFile(folder)
  if (!lock)
    throw new DataFolderError(
      'Busy',
      `${folder} is in use by another Standpipe: stop that one, or choose another folder with --data`,
    )
  try {
    if (!exists) await writeVersion(folder)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

function lockFile(folder: string): FolderLock | undefined {
  try {
    return lockFolder(join(folder, 'standpipe.lock'))
  } catch (error) {
    throw unusable(folder, error)
  }
}

const unusable = (folder: string, error: unknown) =>
  new DataFolderError(
    'NotAFolder',
    `${folder} cannot be used as a data folder (${(error as Error).message}): choose another with --data`,
  )

/** Whether the folder has been used before. */
async function readVersion(folder: string): Promise<boolean> {
  const file = join(folder, 'standpipe.json')
  try {
    await mkdir(folder, { recursive: true })
    const { dataVersion } = parse(await readFile(file, 'utf8'))
    if (dataVersion === DATA_VERSION) return true
    throw new DataFolderError(
      'UnknownVersion',
      `${folder} has data of version ${dataVersion}, this Standpipe reads version ${DATA_VERSION}: use the Standpipe that wrote it, or another folder with --data`,
    )
  } catch (error) {
    if (error instanceof DataFolderError) throw error
    if (!isErrno(error, 'ENOENT')) throw unusable(folder, error)
  }
  const foreign = (await readdir(folder)).find((name) => !/^(\.|standpipe\.|lost\+found$)/.test(name))
  if (foreign !== undefined)
    throw new DataFolderError(
      'NotAFolder',
      `${folder} holds something else (${foreign}): choose an empty folder with --data`,
    )
  return false
}

function parse(text: string): { dataVersion?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

/** Marks the folder as used: from then on its own name is durable too. */
async function writeVersion(folder: string): Promise<void> {
  await syncFoldersAbove(folder)
  const file = join(folder, 'standpipe.json')
  const handle = await open(`${file}.tmp`, 'w')
  try {
    await writeFully(handle, Buffer.from(`${JSON.stringify({ dataVersion: DATA_VERSION })}\n`), 0)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.tmp`, file)
  await syncFolder(folder)
}
