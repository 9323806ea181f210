import type { Principal } from '../service/principal.ts'
import { type Credentials, OF_NOBODY } from './credentials.ts'

/** Keys of several origins. Whoever knows a key says what its principal may do, and nobody else. */
export function firstOf(...all: readonly Credentials[]): Credentials {
  async function search(accessKeyId: string, origins: readonly Credentials[]) {
    for (const origin of origins) {
      const found = await origin.find(accessKeyId)
      if (found) return { found, origin }
    }
    return undefined
  }
  return {
    find(accessKeyId) {
      for (const [at, origin] of all.entries()) {
        const found = origin.find(accessKeyId)
        if (found instanceof Promise)
          return found.then(async (one) => one ?? (await search(accessKeyId, all.slice(at + 1)))?.found)
        if (found) return found
      }
      return undefined
    },
    async policiesOf(principal: Principal) {
      const known = await search(principal.accessKeyId, all)
      return known ? await known.origin.policiesOf(principal) : OF_NOBODY
    },
  }
}
