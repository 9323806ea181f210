import { answeringProgram, bareProgram, reasonOf } from './jq-text.ts'
import { type Answer, BOUNDS, type Programs } from './programs.ts'
import { readRun } from './read-run.ts'
import { createWorkerPool } from './worker-pool.ts'

/** Characters of the documents of one run, unless the first alone has more. */
const RUN_CHARACTERS = 4 * 2 ** 20

/** Starts nothing until the first program comes. */
export function createPrograms(): Programs {
  const pool = createWorkerPool()
  return {
    async check(query) {
      for (const program of [bareProgram(query), answeringProgram(query)]) {
        const run = { program, input: new Uint8Array(0), now: 0, memoryBytes: BOUNDS.memoryBytes }
        const { kind, reason } = await pool.run(run, { timeMs: BOUNDS.timeMs, isUrgent: true })
        if (kind === 'time' || kind === 'memory') return 'compiling it takes too much'
        if (kind !== 'done') return reasonOf(reason)
      }
      return undefined
    },
    async answers(query, documents, { bounds, now, signal, goesOn = () => true }) {
      const program = answeringProgram(query)
      const answers: Answer[] = []
      for (let most = documents.length; answers.length < documents.length; ) {
        const texts = someOf(documents, answers.length, most)
        const input = new TextEncoder().encode(texts.join('\n'))
        const run = { program, input, now, memoryBytes: bounds.memoryBytes }
        const ran = await pool.run(run, { timeMs: bounds.timeMs, ...(signal && { signal }) })
        const read = readRun(ran, texts.length)
        most = read.most
        for (const answer of read.answers) {
          answers.push(answer)
          if (!goesOn(answer)) return answers
        }
      }
      return answers
    },
    close: pool.close,
  }
}

/** From there on, so many at most as make a run. */
function someOf(documents: readonly string[], from: number, most: number): readonly string[] {
  let [to, characters] = [from, 0]
  while (to < documents.length && to - from < most) {
    characters += documents[to]!.length
    if (characters > RUN_CHARACTERS && to > from) break
    to++
  }
  return documents.slice(from, to)
}
