import { malformedPolicyDocument, quotaExceeded } from '../exceptions.ts'

/** AWS counts no white space. */
export const countedCharacters = (document: string): number => document.replace(/\s/g, '').length

/** Throws MalformedPolicyDocument for what is no policy of an identity. */
export function checkIdentityPolicy(document: string): void {
  checkGrammar(document, 'Syntax errors in policy.')
}

const MOST_MANAGED = 6_144

/** Throws MalformedPolicyDocument, or LimitExceeded. */
export function checkManagedPolicy(document: string): void {
  checkIdentityPolicy(document)
  if (countedCharacters(document) > MOST_MANAGED) throw quotaExceeded('PolicySize', MOST_MANAGED)
}

const MOST_TRUST = 2_048

/** Throws MalformedPolicyDocument for what is no role's trust policy, or LimitExceeded. */
export function checkTrustPolicy(document: string): void {
  checkGrammar(document, 'This policy contains invalid Json')
  if (countedCharacters(document) > MOST_TRUST) throw quotaExceeded('ACLSizePerRole', MOST_TRUST)
}

function checkGrammar(document: string, words: string): void {
  let policy: unknown
  try {
    policy = JSON.parse(document)
  } catch {
    throw malformedPolicyDocument(words)
  }
  if (typeof policy !== 'object' || policy === null || !('Statement' in policy))
    throw malformedPolicyDocument('Syntax errors in policy.')
}
