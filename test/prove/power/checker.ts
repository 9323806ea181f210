/** Forked: checks one folder after another, so that what crashes or hangs on one takes nobody else along. */
import type { JournalLine } from '../load/journal.ts'
import { checkEngine } from './engine-check.ts'
import type { EngineQuestion } from './engine-questions.ts'
import { exchangesOf } from './notes.ts'
import { checkServer } from './server-check.ts'

/** What is to be checked. */
export interface CheckTask {
  readonly load: 'engine' | 'server'
  /** Where the recorded root was rebuilt. */
  readonly root: string
  /** The load's notes before the cut. */
  readonly notes: readonly string[]
}
export interface CheckAnswer {
  readonly broken: readonly string[]
}

// Whoever asked is gone, and needs no answer.
process.on('disconnect', () => process.exit())
process.on('message', async (task: CheckTask) => {
  const broken = await check(task).catch((error: Error) => [`refused: ${error.stack}`])
  process.send!({ broken } satisfies CheckAnswer)
})

async function check({ load, root, notes }: CheckTask): Promise<string[]> {
  const folder = `${root}/data/folder`
  const lines = notes.map((text) => JSON.parse(text))
  return load === 'engine'
    ? await checkEngine(folder, exchangesOf(lines as JournalLine<EngineQuestion>[]))
    : await checkServer(folder, lines as JournalLine[])
}
