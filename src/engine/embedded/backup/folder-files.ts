import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The mark that makes a folder a data folder: a backup gets it last. */
export const MARK = 'standpipe.json'
/** What a backup is in until it is whole. */
export const UNFINISHED = 'backup.unfinished'

export interface FolderFile {
  /** Within the folder. */
  readonly path: string
  /** It never changes, so that it may be one file in two folders. */
  readonly isConstant: boolean
}

/** Who uses the folder, what is not finished, what is kept and not used, and what the system puts there. */
const LEFT_OUT =
  /^(standpipe\.lock.*|standpipe\.json|metadata\/lock\.mdb|blobs\/unfinished|(metadata|log|blobs)\.damaged.*|lost\+found|(.*\/)?\..*|.*\.tmp)$/
const CONSTANT = /^(log\/\d+-\d+\.seg|blobs\/[0-9a-f]{2}\/[0-9a-f]{32})$/

/** All that a backup holds, but for the mark. `isWanted` is asked for folders, too. */
export async function* filesOf(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
  within = '',
): AsyncGenerator<FolderFile> {
  for (const entry of await readdir(join(folder, within), { withFileTypes: true })) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`
    if (LEFT_OUT.test(path) || !isWanted(path)) continue
    if (entry.isDirectory()) yield* filesOf(folder, isWanted, path)
    else if (entry.isFile()) yield { path, isConstant: CONSTANT.test(path) }
  }
}
