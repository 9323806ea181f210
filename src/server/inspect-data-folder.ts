import { openDataFolder } from '../engine/embedded/data-folder.ts'

/** Why an existing data folder could not be opened now, in one line; undefined when it could. */
export async function inspectDataFolder(folder: string): Promise<string | undefined> {
  try {
    const lock = await openDataFolder(folder)
    lock.release()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
