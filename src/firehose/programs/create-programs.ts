import { type Answer, BOUNDS, type Programs } from './programs.ts'
import { answeringProgram, bareProgram, readRun, reasonOf } from './read-run.ts'
import { createWorkerPool } from './worker-pool.ts'

/** Documents of one run, unless the first alone has more. */
const RUN_BYTES = 4 * 2 ** 20

/** Starts nothing until the first program comes. */
export function createPrograms(): Programs {
  const pool = createWorkerPool()
  return {
    async check(query) {
      for (const program of [bareProgram(query), answeringProgram(query)]) {
        const run = { program, ...together([]), now: 0, memoryBytes: BOUNDS.memoryBytes }
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
        const some = someOf(documents, answers.length, most)
        const run = { program, ...together(some), now, memoryBytes: bounds.memoryBytes }
        const ran = await pool.run(run, { timeMs: bounds.timeMs, ...(signal && { signal }) })
        const read = readRun(ran, some.length)
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
function someOf(documents: readonly Uint8Array[], from: number, most: number): readonly Uint8Array[] {
  let [to, bytes] = [from, 0]
  while (to < documents.length && to - from < most) {
    bytes += documents[to]!.length
    if (bytes > RUN_BYTES && to > from) break
    to++
  }
  return documents.slice(from, to)
}

/** In memory of its own, which another thread can take. */
function together(documents: readonly Uint8Array[]) {
  const data = new Uint8Array(documents.reduce((sum, { length }) => sum + length, 0))
  const ends: number[] = []
  let at = 0
  for (const document of documents) {
    data.set(document, at)
    at += document.length
    ends.push(at)
  }
  return { data, ends }
}
