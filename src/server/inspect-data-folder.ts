import { inspectFolder } from '../engine/embedded/inspect-folder.ts'

/**
 * Why an existing data folder could not be opened now, or with `verify` what in it is damaged; undefined when all is
 * well. Changes nothing.
 */
export async function inspectDataFolder(folder: string, verify: boolean): Promise<string | undefined> {
  try {
    await inspectFolder(folder, verify)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
