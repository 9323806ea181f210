import { openSync, writeSync } from 'node:fs'
import type { JournalLine } from '../load/journal.ts'
import { noteBytes } from './trace.ts'

/** What a load asks, and what it was answered: an answer's note comes after it, and so after its syncs. */
export type Note<Q> = JournalLine<Q> | typeof BEGUN
/** Everything that the load needs is made: from here on the power may be cut. */
export const BEGUN = { begun: true } as const

/** Puts notes into a trace, beside the events of a recorded process, in one write each. */
export function openNotes<Q>(trace: string): (note: Note<Q>) => void {
  const file = openSync(trace, 'a')
  return (note) => void writeSync(file, noteBytes(JSON.stringify(note)))
}

/** Everything that was asked, in order, with its answer if there was one. What was refused was not asked. */
export function exchangesOf<Q>(lines: Iterable<JournalLine<Q>>): { question: Q; answer?: unknown }[] {
  const exchanges = new Map<number, { question: Q; answer?: unknown }>()
  for (const line of lines)
    if ('ask' in line) exchanges.set(line.ask, { question: line.question })
    else if ('answers' in line) exchanges.get(line.answers)!.answer = line.answer
  return [...exchanges.values()]
}
