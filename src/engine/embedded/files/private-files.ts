import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Records, objects and keys are their owner's: of nobody else a data folder is read. */
export const FOLDER_MODE = 0o700
export const FILE_MODE = 0o600

const OTHERS = 0o077

/** A wider mode has been narrowed, or could not be. */
export interface WideMode {
  readonly path: string
  readonly mode: number
  /** The system's word for it. */
  readonly failure?: string
}

/** Takes away what a mode gives to others than the owner; undefined where it gave them nothing. */
export async function narrow(path: string): Promise<WideMode | undefined> {
  // Windows has no modes, and reports what it likes.
  if (process.platform === 'win32') return undefined
  const mode = (await stat(path)).mode & 0o777
  if ((mode & OTHERS) === 0) return undefined
  try {
    await chmod(path, mode & ~OTHERS)
    const isNarrow = ((await stat(path)).mode & OTHERS) === 0
    return isNarrow ? { path, mode } : { path, mode, failure: 'the file system keeps no modes' }
  } catch (error) {
    return { path, mode, failure: (error as Error).message }
  }
}

/**
 * Narrows a folder, and what lies in it as deep as `levels`. The outermost folder shuts out everybody, so that what
 * lies deeper only matters when it is moved elsewhere.
 */
export async function narrowAll(folder: string, levels: number): Promise<WideMode[]> {
  const found = [await narrow(folder)]
  for (const entry of levels > 0 ? await readdir(folder, { withFileTypes: true }) : []) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await narrowAll(path, levels - 1)))
    else if (entry.isFile()) found.push(await narrow(path))
  }
  return found.filter((one) => one !== undefined)
}
