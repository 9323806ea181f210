import { type Policy, type PolicyKind, parsePolicy } from './policy.ts'
import { PolicyError } from './policy-error.ts'

/** Of the texts of policies that are kept read; what is read of them takes some times as much. */
const MOST_CHARACTERS = 2 * 2 ** 20

/** What cannot be read may have denied anything. */
const DENIES_ALL: Policy = {
  statements: [
    {
      effect: 'Deny',
      actions: { isExcept: true, listed: [] },
      conditions: [],
      written: { actions: [], resources: [] },
    },
  ],
}

/** Reads each policy once, as long as it is among those that were read last. */
export function createKnownPolicies() {
  const known: Readonly<Record<PolicyKind, Map<string, Policy>>> = {
    identity: new Map(),
    resource: new Map(),
    trust: new Map(),
  }
  let characters = 0
  return (text: string, kind: PolicyKind): Policy => {
    const ofKind = known[kind]
    const found = ofKind.get(text)
    if (found) return found
    characters += text.length
    if (characters > MOST_CHARACTERS) {
      for (const kept of Object.values(known)) kept.clear()
      characters = text.length
    }
    const policy = read(text, kind)
    ofKind.set(text, policy)
    return policy
  }
}

export type KnownPolicies = ReturnType<typeof createKnownPolicies>

function read(text: string, kind: PolicyKind): Policy {
  try {
    return parsePolicy(text, kind)
  } catch (error) {
    if (error instanceof PolicyError) return DENIES_ALL
    throw error
  }
}
