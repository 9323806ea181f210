import { open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from '@node-rs/crc32'
import { isErrno, replaceFile, syncFolder } from '../files/durable-file.ts'

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

/** The metadata up to this size are compared with what a clean stop left; it takes 3 ms for 10 MiB. */
const MOST_COMPARED_BYTES = 64 * 2 ** 20
const PIECE_BYTES = 2 ** 20

interface Stopped {
  readonly sizeBytes: number
  readonly crc: number | null
}

const markOf = (folder: string) => join(folder, 'standpipe.stopped')

/** Notes that everything was closed; the last thing that a stop does. */
export async function noteCleanStop(folder: string, metadataFile: string): Promise<void> {
  const stopped = await stoppedOf(metadataFile)
  await replaceFile(markOf(folder), Buffer.from(JSON.stringify(stopped)))
}

/** Whether the last stop was a clean one and the metadata are as it left them. */
export async function isCleanlyStopped(folder: string, metadataFile: string): Promise<boolean> {
  const noted = await readFile(markOf(folder), 'utf8').catch(() => '')
  return noted !== '' && noted === JSON.stringify(await stoppedOf(metadataFile))
}

/** From now on the next end is an unclean one, until it is noted otherwise. */
export async function forgetCleanStop(folder: string): Promise<void> {
  await rm(markOf(folder), { force: true })
  await syncFolder(folder)
}

async function stoppedOf(metadataFile: string): Promise<Stopped> {
  const sizeBytes = (await stat(metadataFile)).size
  return { sizeBytes, crc: sizeBytes <= MOST_COMPARED_BYTES ? await crcOf(metadataFile) : null }
}

async function crcOf(path: string): Promise<number> {
  const handle = await open(path, 'r')
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  let crc = 0
  try {
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE_BYTES, null)
      if (bytesRead === 0) return crc
      crc = crc32(piece.subarray(0, bytesRead), crc)
    }
  } finally {
    await handle.close()
  }
}
