import { type PolicyKind, parsePolicy } from '../../auth/policies/policy.ts'
import { PolicyError } from '../../auth/policies/policy-error.ts'
import { policyWords } from '../../auth/policies/policy-words.ts'
import { malformedPolicyDocument, quotaExceeded } from '../exceptions.ts'

const MOST_MANAGED = 6_144
const MOST_TRUST = 2_048

/** AWS counts no white space. */
export const countedCharacters = (document: string): number => document.replace(/\s/g, '').length

/** Throws MalformedPolicyDocument for what is no policy of a user or a role. */
export const checkIdentityPolicy = (document: string): void => check(document, 'identity')

/** Throws MalformedPolicyDocument, or LimitExceeded. */
export function checkManagedPolicy(document: string): void {
  check(document, 'identity')
  if (countedCharacters(document) > MOST_MANAGED) throw quotaExceeded('PolicySize', MOST_MANAGED)
}

/** Throws MalformedPolicyDocument for what does not say who may assume a role, or LimitExceeded. */
export function checkTrustPolicy(document: string): void {
  check(document, 'trust')
  if (countedCharacters(document) > MOST_TRUST) throw quotaExceeded('ACLSizePerRole', MOST_TRUST)
}

function check(document: string, kind: PolicyKind): void {
  try {
    parsePolicy(document, kind)
  } catch (error) {
    if (error instanceof PolicyError) throw malformedPolicyDocument(policyWords(error.fault, kind))
    throw error
  }
}
