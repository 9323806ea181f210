import { Refusal } from './aws-client.ts'
import type { Expected } from './expected.ts'
import type { LoadQuestion } from './questions.ts'

/** Notes what is asked of a server, and what comes of it. */
export interface Journal<Q = LoadQuestion> {
  /** Resolves and rejects as `work` does. */
  during<A>(question: Q, work: () => Promise<A>): Promise<A>
}

export type JournalLine<Q = LoadQuestion> =
  | { readonly ask: number; readonly question: Q }
  | { readonly answers: number; readonly answer: unknown }
  | { readonly refused: number }
  /** The server answered, but with an error of its own. */
  | { readonly failed: number; readonly message: string }

/** `asked`: what the first question's number is above. */
export function createJournal<Q = LoadQuestion>(
  write: (line: JournalLine<Q>) => void,
  asked = 0,
): Journal<Q> {
  let last = asked
  return {
    async during(question, work) {
      const number = ++last
      write({ ask: number, question })
      try {
        const answer = await work()
        write({ answers: number, answer: answer ?? null })
        return answer
      } catch (error) {
        if (error instanceof Refusal && error.status < 500) write({ refused: number })
        else if (error instanceof Refusal) write({ failed: number, message: error.message })
        throw error
      }
    },
  }
}

export function expect(expected: Expected, line: JournalLine): void {
  if ('ask' in line) expected.ask(line.ask, line.question)
  else if ('answers' in line) expected.answer(line.answers, line.answer)
  else if ('refused' in line) expected.refuse(line.refused)
  else expected.broken.push(line.message)
}
