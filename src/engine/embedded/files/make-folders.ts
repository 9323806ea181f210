import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isErrno } from './durable-file.ts'

/**
 * Makes a folder and those above it that are missing; resolves with the topmost that it made. Node's own `recursive`
 * tries for ever where a folder says that it is not there while its parent is, as in /proc.
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  try {
    await mkdir(path)
    return path
  } catch (error) {
    if (isErrno(error, 'EEXIST') && (await stat(path)).isDirectory()) return undefined
    if (!isErrno(error, 'ENOENT') || (await isFolder(dirname(path)))) throw error
    const made = await makeFolders(dirname(path))
    return (await makeFolders(path)) === undefined ? made : (made ?? path)
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
