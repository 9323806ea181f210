import { type Answer, BOUNDS, type Flaw, type Programs } from './programs.ts'
import type { Ran } from './worker.ts'
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

/** What is known after a run: answers for its first documents, and how many at most the next one is given. */
interface RunRead {
  readonly answers: readonly Answer[]
  readonly most: number
}

const FLAWS: Readonly<Record<Flaw, string>> = {
  'no JSON': 'Non JSON record provided',
  deep: 'Exceeds depth limit for parsing',
}

/** What a run over `count` documents tells of the first of them. */
function readRun(ran: Ran, count: number): RunRead {
  const { flaws } = ran
  if (!flaws) return count > 1 ? { answers: [], most: 1 } : { answers: [{ exceeded: 'crash' }], most: 1 }
  const told = readAsked(ran, flaws.filter((flaw) => flaw === undefined).length)
  const answers: Answer[] = []
  let next = 0
  for (const flaw of flaws) {
    const answer = flaw === undefined ? told.answers[next++] : { flaw: FLAWS[flaw] }
    if (!answer) break
    answers.push(answer)
  }
  return { answers, most: told.next === 'alone' ? 1 : told.next === 'more' ? 2 * count : count }
}

/** Of the documents that jq was given; one with which it ended is run alone. */
function readAsked({ answers: lines, kind, reason }: Ran, count: number): Told {
  // A query from before they were checked may give several lines for a document.
  if (lines.length > count && count > 1) return { answers: [], next: 'alone' }
  const answers = lines.slice(0, count).map(answerOf)
  const isWhole = answers.length === count
  switch (kind) {
    case 'uncompilable':
      return {
        answers: Array.from({ length: count }, () => ({ failure: reasonOf(reason) })),
        next: 'as many',
      }
    case 'time':
      return { answers: isWhole ? answers : [...answers, { exceeded: 'time' }], next: 'as many' }
    case 'memory':
    case 'crashed':
      // What documents before it have left behind is not this one's.
      if (answers.length > 0) return { answers, next: 'as many' }
      return { answers: [{ exceeded: kind === 'memory' ? kind : 'crash' }], next: 'as many' }
    case 'full':
    case 'yielded':
      return { answers, next: 'as many' }
    case 'failed':
    case 'done':
      if (isWhole) return { answers, next: 'more' }
      if (count > 1) return { answers, next: 'alone' }
      return { answers: [kind === 'done' ? { values: [] } : { failure: reasonOf(reason) }], next: 'alone' }
  }
}

interface Told {
  readonly answers: readonly Answer[]
  readonly next: 'alone' | 'as many' | 'more'
}

/** What jq prints of a value that is nested too deeply is no JSON. */
function answerOf(line: string): Answer {
  try {
    return JSON.parse(line)
  } catch {
    return { failure: 'The query gives a value that is nested too deeply' }
  }
}

/**
 * What every query finds: what jq 1.6 had and the one in the package has no more; and documents that do not know of
 * one another, however many are given to jq at once.
 */
const PRELUDE = [
  'def leaf_paths: paths(scalars);',
  'def gamma: lgamma;',
  'def input: error("No more inputs");',
  'def inputs: empty;',
  'def input_line_number: 1;',
  'def input_filename: null;',
].join(' ')

/** Of what a program throws. */
const MAX_FAILURE_CHARACTERS = 2000

/** By itself: it compiles only when no bracket of it closes one of ours. */
const bareProgram = (query: string): string => `${PRELUDE}\n${query}`

/** All that a query gives for a document, or what it failed with, in one line; a comment may end the query. */
const answeringProgram = (query: string): string =>
  `${PRELUDE} try {values: [\n${query}\n]} catch {failure: tostring[:${MAX_FAILURE_CHARACTERS}]}`

/** The first line of what jq says, without what it says of itself. */
const reasonOf = (said: string): string => said.split('\n')[0]!.replace(/^jq: error(?: \(at [^)]*\))?: /, '')
