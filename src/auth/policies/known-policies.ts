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

/** Reads each policy once, as long as it is among those that were asked for last. */
export function createKnownPolicies() {
  const known = new Map<string, Policy>()
  return (text: string, kind: PolicyKind): Policy => {
    const key = `${kind} ${text}`
    const policy = known.get(key) ?? read(text, kind)
    known.delete(key)
    known.set(key, policy)
    if (known.size > MOST_KEPT) known.delete(known.keys().next().value!)
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
