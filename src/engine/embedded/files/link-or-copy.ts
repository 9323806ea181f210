import { constants } from 'node:fs'
import { copyFile, link, open } from 'node:fs/promises'
import { isErrno } from './durable-file.ts'

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
