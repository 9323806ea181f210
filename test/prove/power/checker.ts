/** Forked: checks one folder after another, so that what crashes or hangs on one takes nobody else along. */
import { checkEngine } from './engine-check.ts'
import type { Exchange } from './engine-expectations.ts'
import { exchangesOf } from './notes.ts'

/** What is to be checked. */
export interface CheckTask {
  readonly load: 'engine'
  /** Where the recorded root was rebuilt. */
  readonly root: string
  /** The load's notes before the cut. */
  readonly notes: readonly string[]
}
export interface CheckAnswer {
  readonly broken: readonly string[]
}

process.on('message', async (task: CheckTask) => {
  const answer = await check(task).catch((error: Error) => [`refused: ${error.stack}`])
  process.send!({ broken: answer } satisfies CheckAnswer)
})

const check = ({ root, notes }: CheckTask): Promise<string[]> =>
  checkEngine(`${root}/data/folder`, exchangesOf(notes) as Exchange[])
