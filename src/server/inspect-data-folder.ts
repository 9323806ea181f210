import { inspectFolder } from '../engine/embedded/inspect-folder.ts'

/** Why an existing data folder could not be opened now; undefined when it could. Changes nothing. */
export async function inspectDataFolder(folder: string): Promise<string | undefined> {
  try {
    await inspectFolder(folder)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
