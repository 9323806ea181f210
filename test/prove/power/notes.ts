import { openSync, writeSync } from 'node:fs'
import { noteBytes } from './trace.ts'

/** What a load has asked for, and what it was answered. The answer's note comes after it, and so after its syncs. */
export interface Asked<Q = unknown> {
  readonly ask: number
  readonly question: Q
}
export interface Answered<A = unknown> {
  readonly answers: number
  readonly answer: A
}
export type Note = Asked | Answered

/** Puts notes into a trace, beside the events of a recorded process. */
export function openNotes(trace: string) {
  const file = openSync(trace, 'a')
  let asked = Math.floor(process.hrtime()[1]) * 1000
  const write = (note: Note) => void writeSync(file, noteBytes(JSON.stringify(note)))
  return {
    /** Notes that `work` is begun, and what it resolves with. */
    async during<A>(question: unknown, work: () => Promise<A>): Promise<A> {
      const ask = ++asked
      write({ ask, question })
      const answer = await work()
      write({ answers: ask, answer: answer ?? null })
      return answer
    },
  }
}

export type Notes = ReturnType<typeof openNotes>

/** Everything that was asked, in order, with its answer if there was one. */
export function exchangesOf<Q, A>(texts: Iterable<string>): { question: Q; answer?: A }[] {
  const exchanges = new Map<number, { question: Q; answer?: A }>()
  for (const text of texts) {
    const note = JSON.parse(text) as Asked<Q> | Answered<A>
    if ('ask' in note) exchanges.set(note.ask, { question: note.question })
    else exchanges.get(note.answers)!.answer = note.answer
  }
  return [...exchanges.values()]
}
