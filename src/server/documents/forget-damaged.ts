import { isEngineError, type MetadataStore } from '../../engine/ports/engine.ts'
import { budgetDocument } from '../../insight/budget.ts'
import type { Problems } from '../../metrics/problems.ts'
import { certificateDocument } from './certificate.ts'
import { clockDocument } from './saved-clock.ts'
import { metersDocument } from './saved-meters.ts'

/** What the server keeps of itself, and what it goes on without. */
const OWN_DOCUMENTS = [
  { kind: clockDocument, lost: 'how far the clock was moved: it is on machine time' },
  { kind: metersDocument, lost: 'the meters of usage: they begin at zero' },
  { kind: budgetDocument, lost: 'the budget: set it again' },
  { kind: certificateDocument, lost: 'the self-signed certificate: a new one is made' },
]

/** A start does not fail for a damaged document that it can do without: it is said, and the document is deleted. */
export async function forgetDamaged(metadata: MetadataStore, problems: Problems): Promise<void> {
  for (const { kind, lost } of OWN_DOCUMENTS)
    try {
      await kind.get(metadata, kind.keys)
    } catch (error) {
      if (!isEngineError(error, 'Damaged')) throw error
      await metadata.commit([{ delete: kind.keys }])
      problems.report({ code: 'Damaged', where: kind.keys, what: `a damaged document lost ${lost}` })
    }
}
