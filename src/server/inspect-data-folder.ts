import { inspectFolder } from '../engine/embedded/inspect-folder.ts'
import { wantedPrefix } from '../s3/documents.ts'

/**
 * Why an existing data folder could not be opened now, or, with `isThorough`, what is damaged in it; undefined when all is
 * well. Changes nothing.
 */
export async function inspectDataFolder(folder: string, isThorough = false): Promise<string | undefined> {
  try {
    await inspectFolder(folder, isThorough ? { blobsPrefix: wantedPrefix } : undefined)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
