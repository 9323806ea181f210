import { isEngineError, type MetadataStore } from '../../engine/ports/engine.ts'
import { BUDGET_KEY } from '../../insight/budget.ts'
import type { Problems } from '../../metrics/problems.ts'
import { CERTIFICATE_KEY } from './certificate.ts'
import { CLOCK_KEY } from './saved-clock.ts'
import { METERS_KEY } from './saved-meters.ts'

/** What the server keeps of itself, and what it goes on without. */
const OWN_DOCUMENTS = {
  [CLOCK_KEY]: 'how far the clock was moved: it is on machine time',
  [METERS_KEY]: 'the meters of usage: they begin at zero',
  [BUDGET_KEY]: 'the budget: set it again',
  [CERTIFICATE_KEY]: 'the self-signed certificate: a new one is made',
}

/** A start does not fail for a damaged document that it can do without: it is said, and the document is deleted. */
export async function forgetDamaged(metadata: MetadataStore, problems: Problems): Promise<void> {
  for (const [key, lost] of Object.entries(OWN_DOCUMENTS))
    try {
      await metadata.get(key)
    } catch (error) {
      if (!isEngineError(error, 'Damaged')) throw error
      await metadata.commit([{ delete: key }])
      problems.report({ code: 'Damaged', where: key, what: `a damaged document lost ${lost}` })
    }
}
