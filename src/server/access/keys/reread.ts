import type { Problems } from '../../../metrics/problems.ts'
import { UsageError } from '../../config.ts'
import type { Log } from '../../log.ts'
import type { FileKeys } from './from-file.ts'

const PROBLEM = { code: 'KeyFileWrong', where: 'the key file' } as const

/** Takes the keys that the file then has; with a file that is wrong those from before go on, and it is said. */
export async function rereadKeys(
  fileKeys: FileKeys | undefined,
  { problems, log }: { readonly problems: Problems; readonly log: Pick<Log, 'info'> },
): Promise<void> {
  if (!fileKeys) return
  try {
    const { added, removed, changed } = await fileKeys.reread()
    problems.solved(PROBLEM.code, PROBLEM.where)
    log.info('the key file was read again', { keys: fileKeys.count(), added, removed, changed })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    problems.report({ ...PROBLEM, what: `${error.message}; the keys from before go on` })
  }
}
