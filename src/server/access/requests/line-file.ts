import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Problems } from '../../../metrics/problems.ts'
import { UsageError } from '../../config.ts'

/** What waits for a disk that does not take it; more is lost, and counted. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024
/** Its owner's alone: it says who did what. */
const MODE = 0o600
/** A pipe that nobody reads takes no lines, and must keep no thread waiting for that. Windows has no such flag. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)
const CODE = 'AccessLogBroken'
const WHERE = 'the access log'

/** A file of lines that may be renamed away at any time. What it does not take, nobody waits for. */
export interface LineFile {
  write(line: string): void
  /** Goes on in the file that then has the name. */
  reopen(): Promise<void>
  /** With all that was written. */
  close(): Promise<void>
}

interface LineFileOptions {
  readonly path: string
  /** Those of the moment: a reset makes new ones. */
  readonly problems: () => Problems
}

/** A file, or `-` for standard output. Throws UsageError for a file that cannot be opened. */
export async function openLines(target: string, problems: () => Problems): Promise<LineFile> {
  if (target === '-') return standardOutput(problems)
  try {
    return await openLineFile({ path: target, problems })
  } catch (error) {
    throw new UsageError(`--access-log ${target} cannot be written: ${(error as Error).message}`)
  }
}

/** Its reader may go: then lines are lost, and that is said, as with a file. */
const standardOutput = (problems: () => Problems): LineFile => ({
  write(line) {
    process.stdout.write(`${line}\n`, (error) => {
      if (!error) return problems().solved(CODE, WHERE)
      const what = `standard output takes no lines (${error.message}): requests go on, and are not logged; start it again with a reader, or with --access-log FILE`
      problems().report({ code: CODE, where: WHERE, what })
    })
  },
  reopen: async () => undefined,
  close: async () => undefined,
})

async function openLineFile({ path, problems }: LineFileOptions): Promise<LineFile> {
  const openOne = () => open(path, APPEND, MODE)
  let file: FileHandle | undefined = await openOne()
  let waiting: string[] = []
  let waitingBytes = 0
  let lost = 0
  let isToBeOpened = false
  let working: Promise<void> | undefined

  async function writeOut(): Promise<void> {
    if (isToBeOpened) {
      isToBeOpened = false
      // It was renamed away, and what it did not take is counted already.
      await file?.close().catch(() => undefined)
      file = undefined
    }
    while (waiting.length > 0 || lost > 0) {
      // A line may have been written in part.
      const notice = lost > 0 ? `\n${JSON.stringify({ lostLines: lost })}\n` : ''
      const [text, count, lostBefore] = [notice + waiting.join(''), waiting.length, lost]
      ;[waiting, waitingBytes, lost] = [[], 0, 0]
      try {
        file ??= await openOne()
        await file.appendFile(text)
        problems().solved(CODE, WHERE)
      } catch (error) {
        lost += lostBefore + count
        // What it did not take is counted, and said below.
        await file?.close().catch(() => undefined)
        file = undefined
        const what = `${path} takes no lines (${(error as Error).message}): requests go on, and are not logged; make room, or put the file right`
        problems().report({ code: CODE, where: WHERE, what })
        // With the next request it is tried again.
        return
      }
    }
  }
  const work = () => {
    working ??= writeOut().finally(() => {
      working = undefined
    })
  }
  return {
    write(line) {
      if (waitingBytes > MOST_WAITING_BYTES) lost += 1
      else {
        waiting.push(`${line}\n`)
        waitingBytes += line.length
      }
      work()
    },
    async reopen() {
      isToBeOpened = true
      await working
      work()
      await working
    },
    async close() {
      await working
      await writeOut()
      await file?.close()
      file = undefined
    },
  }
}
