import { reasonOf } from './jq-text.ts'
import type { Ran } from './jq-worker.ts'
import type { Answer } from './programs.ts'

/** What is known after a run, and how many documents at most the next one is given. */
export interface RunRead {
  readonly answers: readonly Answer[]
  readonly most: number
}

/** What a run over `count` documents tells of the first of them; a document with which jq ended is run alone. */
export function readRun({ answers: lines, kind, reason }: Ran, count: number): RunRead {
  // A query from before they were checked may give several lines for a document.
  if (lines.length > count && count > 1) return { answers: [], most: 1 }
  const answers = lines.slice(0, count).map(answerOf)
  const isWhole = answers.length === count
  switch (kind) {
    case 'uncompilable':
      return { answers: Array.from({ length: count }, () => ({ failure: reasonOf(reason) })), most: count }
    case 'time':
      return { answers: isWhole ? answers : [...answers, { exceeded: 'time' }], most: count }
    case 'memory':
    case 'crashed':
      // What documents before it have left behind is not this one's.
      if (answers.length > 0) return { answers, most: count }
      return { answers: [{ exceeded: kind === 'memory' ? kind : 'crash' }], most: count }
    case 'full':
    case 'yielded':
      return { answers, most: count }
    case 'failed':
    case 'done':
      if (isWhole) return { answers, most: 2 * count }
      if (count > 1) return { answers, most: 1 }
      return { answers: [kind === 'done' ? { values: [] } : { failure: reasonOf(reason) }], most: 1 }
  }
}

/** What jq prints of a value that is nested too deeply is no JSON. */
function answerOf(line: string): Answer {
  try {
    return JSON.parse(line)
  } catch {
    return { failure: 'The query gives a value that is nested too deeply' }
  }
}
