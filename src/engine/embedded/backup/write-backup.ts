import { link, mkdir, readdir, realpath, rename, rm, rmdir, stat, statfs } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Backup, BackupOptions } from '../../ports/engine.ts'
import { FLOOR_BYTES } from '../files/disk-space.ts'
import { copyDurably, isErrno, linkOrCopy, syncFolder } from '../files/durable-file.ts'
import { makeFolders } from '../files/make-folders.ts'
import { FOLDER_MODE, narrow } from '../files/private-files.ts'
import { lockDataFolder } from '../folder/data-folder.ts'

/** Why there is no backup; the message is one line and says what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

/** A backup that is being written. */
export interface BackupFolder {
  /** Where it is until it is whole. */
  readonly path: string
  /** Throws BackupError unless there is room for what will be copied. */
  checkRoom(files: AsyncIterable<FolderFile>, moreBytes: number): Promise<void>
  /** `end`: see copyDurably. What has vanished meanwhile was given up before. */
  add(file: FolderFile, end?: number): Promise<void>
  /** A folder within it, made. */
  make(within: string): Promise<string>
  /** Counts a file that was written there by other means. */
  count(path: string): Promise<void>
}

interface BackupPlaces {
  /** The data folder. */
  readonly from: string
  readonly to: string
}

/**
 * Makes a backup in a folder that is empty or not there yet: `fill` writes what is to be in it, then it gets the mark
 * without which no server takes it for a data folder. Whatever fails, it is empty again. Rejects with BackupError.
 */
export async function writeBackup(
  { from, to }: BackupPlaces,
  fill: (backup: BackupFolder) => Promise<void>,
): Promise<Backup> {
  const path = resolve(to)
  const made = await prepare(from, path)
  const clear = async () => {
    if (made !== undefined) return await rm(made, { recursive: true, force: true })
    for (const name of await readdir(path)) await rm(join(path, name), { recursive: true, force: true })
  }
  const unfinished = join(path, UNFINISHED)
  const folders = new Set([unfinished])
  const counts = { copiedFiles: 0, copiedBytes: 0, linkedFiles: 0 }
  const make = async (within: string) => {
    const folder = join(unfinished, within)
    if (!folders.has(folder)) await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
    for (let one = folder; !folders.has(one); one = dirname(one)) folders.add(one)
    return folder
  }
  const count = async (file: string) => {
    counts.copiedFiles++
    counts.copiedBytes += (await stat(file)).size
  }
  try {
    await begin(unfinished)
    const mayLink = await canLink(join(from, MARK), join(unfinished, MARK))
    await fill({
      path: unfinished,
      make,
      count,
      checkRoom: (files, moreBytes) => checkRoom({ from, to: path, files, moreBytes, mayLink }),
      async add(file, end) {
        const [source, target] = [join(from, file.path), join(unfinished, file.path)]
        await make(dirname(file.path))
        try {
          if (file.isConstant && (await linkOrCopy(source, target))) counts.linkedFiles++
          else {
            if (!file.isConstant) await copyDurably(source, target, end)
            await count(target)
          }
        } catch (error) {
          if (!file.isConstant || !isErrno(error, 'ENOENT')) throw error
        }
      },
    })
    await Promise.all([...folders].map(syncFolder))
    await copyDurably(join(from, MARK), join(path, `${MARK}.tmp`))
    for (const name of await readdir(unfinished)) await rename(join(unfinished, name), join(path, name))
    await rmdir(unfinished)
    await syncFolder(path)
    await rename(join(path, `${MARK}.tmp`), join(path, MARK))
    await syncFolder(path)
    await syncFolder(dirname(path))
    return { directory: path, ...counts }
  } catch (error) {
    // What another one is writing there is not ours to clear away.
    if (!(error instanceof TakenError)) await clear()
    if (error instanceof BackupError) throw error
    throw new BackupError(`the backup to ${path} failed: ${(error as Error).message}`, { cause: error })
  }
}

/** Somebody else's files are there. */
class TakenError extends BackupError {}

/** Of two that found the directory empty at the same time one goes on. */
async function begin(unfinished: string): Promise<void> {
  await mkdir(unfinished, { mode: FOLDER_MODE }).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error
    throw new TakenError(
      `another backup is being written to ${dirname(unfinished)}: choose another directory`,
    )
  })
}

/** Resolves with the outermost folder that was made for it. */
async function prepare(from: string, path: string): Promise<string | undefined> {
  const refuseInside = (outer: string, inner: string) => {
    const way = relative(outer, inner)
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
      throw new BackupError(`${path} lies in the data folder ${from}: choose a directory outside of it`)
  }
  refuseInside(from, path)
  let made: string | undefined
  try {
    made = await makeFolders(path)
    refuseInside(await realpath(from), await realpath(path))
    if ((await readdir(path)).length > 0)
      throw new TakenError(`${path} is not empty: choose a directory that is, or a new one`)
    await narrow(path)
    return made
  } catch (error) {
    if (made !== undefined && !(error instanceof TakenError)) await rm(made, { recursive: true, force: true })
    if (error instanceof BackupError) throw error
    throw new BackupError(`${path} cannot be used (${(error as Error).message}): choose another directory`)
  }
}

async function canLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch {
    return false
  } finally {
    await rm(to, { force: true })
  }
}

interface Room {
  readonly from: string
  readonly to: string
  readonly files: AsyncIterable<FolderFile>
  readonly moreBytes: number
  readonly mayLink: boolean
}

async function checkRoom({ from, to, files, moreBytes, mayLink }: Room): Promise<void> {
  let bytes = moreBytes
  // An estimate: what is gone by now needs no room.
  for await (const { path, isConstant } of files)
    if (!(isConstant && mayLink)) bytes += (await stat(join(from, path)).catch(() => ({ size: 0 }))).size
  const { bavail, bsize } = await statfs(to)
  const [neededMiB, freeMiB] = [bytes + FLOOR_BYTES, bavail * bsize].map((size) => Math.ceil(size / 2 ** 20))
  if (neededMiB! > freeMiB!)
    throw new BackupError(
      `the backup needs ${neededMiB} MiB, the disk of ${to} has ${freeMiB} MiB free: make room, or choose another disk`,
    )
}

/**
 * Copies the data folder of a server that does not run, as it is, whatever its version: one that was killed starts
 * from its backup as it would from itself. Rejects with BackupError, or DataFolderError when the folder is in use or
 * is none.
 */
export async function backUpFolder(
  folder: string,
  to: string,
  { withKeys = false }: BackupOptions = {},
): Promise<Backup> {
  const from = resolve(folder)
  const lock = await lockDataFolder(from)
  try {
    return await writeBackup({ from, to }, async (backup) => {
      await backup.checkRoom(filesOf(from, withKeys), 0)
      for await (const file of filesOf(from, withKeys)) await backup.add(file)
    })
  } finally {
    lock.release()
  }
}

/** The mark that makes a folder a data folder: a backup gets it last. */
const MARK = 'standpipe.json'
/** What a backup is in until it is whole. */
const UNFINISHED = 'backup.unfinished'

interface FolderFile {
  /** Within the folder. */
  readonly path: string
  /** It never changes, so that it may be one file in two folders. */
  readonly isConstant: boolean
}

/** Who uses the folder, what is not finished, what is kept and not used, and what the system puts there. */
const LEFT_OUT =
  /^(standpipe\.lock.*|standpipe\.json|standpipe\.reserve|metadata\/lock\.mdb|blobs\/unfinished|(metadata|log|blobs)\.damaged.*|lost\+found|(.*\/)?\..*|.*\.tmp)$/
/** The key file, but for those who want it. */
const KEYS = /^standpipe\.key/
const CONSTANT = /^(log\/\d+-\d+\.seg|blobs\/[0-9a-f]{2}\/[0-9a-f]{32})$/

/** All that a backup holds, but for the mark. `isWanted` is asked for folders, too. */
export async function* filesOf(
  folder: string,
  withKeys: boolean,
  isWanted: (path: string) => boolean = () => true,
  within = '',
): AsyncGenerator<FolderFile> {
  for (const entry of await readdir(join(folder, within), { withFileTypes: true })) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`
    if (LEFT_OUT.test(path) || (KEYS.test(path) && !withKeys) || !isWanted(path)) continue
    if (entry.isDirectory()) yield* filesOf(folder, withKeys, isWanted, path)
    else if (entry.isFile()) yield { path, isConstant: CONSTANT.test(path) }
  }
}
