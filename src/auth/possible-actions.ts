import type { Principal } from '../service/principal.ts'
import type { Credentials } from './credentials.ts'
import { createKnownPolicies } from './policies/known-policies.ts'
import { isPossible } from './policies/possible.ts'

/** Those of the actions that a principal may do to anything, by its own policies; a root user has none and may do all. */
export function createPossibleActions(credentials: Pick<Credentials, 'policiesOf'>) {
  const known = createKnownPolicies()
  return async (principal: Principal, actions: readonly string[]): Promise<string[]> => {
    if (principal.kind === 'root') return [...actions]
    if (principal.kind === 'anonymous') return []
    const { identity, session, boundary } = await credentials.policiesOf(principal)
    const policies = {
      identity: identity.map((text) => known(text, 'identity')),
      session: session?.map((text) => known(text, 'identity')),
      boundary: boundary === undefined ? undefined : known(boundary, 'identity'),
    }
    return actions.filter((action) => isPossible(policies, action))
  }
}
