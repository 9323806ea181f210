import type { Exceeded } from '../../src/delivery/step.ts'
import type { Answer, Programs } from '../../src/firehose/programs/programs.ts'

/** A query `{customer: .customer}` that exceeds its bounds for some documents, as long as the test says so. */
export function moodyPrograms() {
  let exceeds: (document: string) => Exceeded | undefined = () => undefined
  const programs: Programs = {
    check: async () => undefined,
    async answers(_query, documents, { goesOn = () => true }) {
      const answers: Answer[] = []
      for (const document of documents) {
        const exceeded = exceeds(String(document))
        const { customer } = JSON.parse(String(document)) as { customer: unknown }
        const answer: Answer = exceeded ? { exceeded } : { values: [{ customer }] }
        answers.push(answer)
        if (!goesOn(answer)) break
      }
      return answers
    },
    close: async () => undefined,
  }
  return {
    programs,
    /** From now on. */
    exceed(on: typeof exceeds): void {
      exceeds = on
    },
  }
}
