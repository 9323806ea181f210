import { constants } from 'node:fs'
import { copyFile, type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FILE_MODE } from './private-files.ts'

/** Writes all of it; the machine may take less at a time. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Reads exactly `length` bytes; fewer when the file ends before. */
export async function readFully(
  handle: FileHandle,
  position: number,
  length: number,
  bytes = Buffer.allocUnsafeSlow(length),
): Promise<Buffer> {
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/** A name that was made, changed or taken away is durable only once its folder is. */
export const syncFolderOf = (path: string): Promise<void> => syncFolder(dirname(path))

export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and needs not.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Any of them may have just been made. One that may not be read is none of ours. */
export async function syncFoldersAbove(folder: string): Promise<void> {
  for (let [path, above] = [folder, dirname(folder)]; above !== path; [path, above] = [above, dirname(above)])
    await syncFolder(above).catch((error) => {
      if (!isErrno(error, 'EACCES', 'EPERM', 'EINVAL')) throw error
    })
}

/** Durable when it resolves; a crash leaves what was there before. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(`${path}.tmp`, 'w', FILE_MODE)
  try {
    await writeFully(handle, bytes, 0)
    await handle.sync()
  } catch (error) {
    await rm(`${path}.tmp`, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  await rename(`${path}.tmp`, path)
  await syncFolder(dirname(path))
}

export const isErrno = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code))

/**
 * A file under a second name, for files that never change. A link is free, but not every file system has links, and
 * none allows any number of them. The name is durable with its folder. Resolves with whether it is a link.
 */
export async function linkOrCopy(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EACCES')) throw error
    await copyDurably(from, to)
    return false
  }
}

/** A file of its own, on disk when this resolves. Of `end` bytes only, and zeros behind them, where that is said. */
export async function copyDurably(from: string, to: string, end?: number): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  const handle = await open(to, 'r+')
  try {
    if (end !== undefined) {
      const { size } = await handle.stat()
      await handle.truncate(end)
      await handle.truncate(size)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}
