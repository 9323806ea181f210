import { type Policy, parsePolicy } from '../../auth/policies/policy.ts'
import { PolicyError } from '../../auth/policies/policy-error.ts'
import { isPublicPolicy } from '../../auth/policies/public-policy.ts'
import type { Caller } from '../../service/operation.ts'
import type { Principal } from '../../service/principal.ts'
import { methodNotAllowed } from '../exceptions.ts'
import type { Bucket } from './bucket.ts'
import { publicAccessBlockOf } from './public-access-block.ts'

/** Whether a policy that is kept lets everybody in; what cannot be read lets in nobody. */
export function isPublic(policy: string): boolean {
  const read = readPolicy(policy)
  return read !== undefined && isPublicPolicy(read)
}

function readPolicy(text: string): Policy | undefined {
  try {
    return parsePolicy(text, 'resource')
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}

/** Throws MethodNotAllowed: another account gets no hand on the policy, whatever that says. */
export function requireOwner(
  { account }: Pick<Bucket, 'account'>,
  { judge, principal }: Pick<Caller, 'judge' | 'principal'>,
  method: string,
): void {
  if (judge && principal.account !== account) throw methodNotAllowed(method)
}

/** What of a bucket's policy is meant for somebody: a restricted one says nothing to others than its own account. */
export function policyFor(bucket: Bucket, { account }: Pick<Principal, 'account'>): string | undefined {
  const { policy } = bucket
  if (policy === undefined || account === bucket.account) return policy
  const isRestricted = publicAccessBlockOf(bucket)?.RestrictPublicBuckets && isPublic(policy)
  return isRestricted ? undefined : policy
}
