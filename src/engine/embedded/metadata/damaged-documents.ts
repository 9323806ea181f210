import { EngineError, type EngineProblems } from '../../ports/engine.ts'

const MOST_NAMED = 5

/** Keeps saying which documents were found damaged, until they are written anew or deleted. */
export function createDamagedDocuments(problems: EngineProblems) {
  const damaged = new Set<string>()
  const say = () => {
    if (damaged.size === 0) return problems.solved('Damaged', 'metadata')
    const named = [...damaged].slice(0, MOST_NAMED).join(', ')
    const more = damaged.size > MOST_NAMED ? ` and ${damaged.size - MOST_NAMED} more` : ''
    problems.report({
      code: 'Damaged',
      where: 'metadata',
      what: `documents are not what was written and are not served: ${named}${more}`,
    })
  }
  return {
    /** The error to answer with. */
    found(key: string): EngineError {
      if (!damaged.has(key)) {
        damaged.add(key)
        say()
      }
      return new EngineError('Damaged', `metadata: the document ${key} is damaged`)
    },
    /** It is no longer what it was. */
    replaced(key: string): void {
      if (damaged.delete(key)) say()
    },
  }
}

export type DamagedDocuments = ReturnType<typeof createDamagedDocuments>
