import { type Policy, type PolicyKind, parsePolicy } from './policy.ts'
import { PolicyError } from './policy-error.ts'

/** Policies that were read last; a policy has a few KiB. */
const MOST_KEPT = 1_000

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
  return (text: string, kind: PolicyKind): Policy => {
    const ofKind = known[kind]
    const found = ofKind.get(text)
    if (found) return found
    const policy = read(text, kind)
    ofKind.set(text, policy)
    if (ofKind.size > MOST_KEPT) ofKind.delete(ofKind.keys().next().value!)
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
