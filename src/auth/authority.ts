import type { Access, ConditionKeys, Denial } from '../service/access.ts'
import type { Authority } from '../service/authorize.ts'
import type { Caller } from '../service/operation.ts'
import type { Principal } from '../service/principal.ts'
import type { Credentials, PrincipalPolicies } from './credentials.ts'
import { denialText } from './policies/denial.ts'
import { type Applying, type Asked, evaluate } from './policies/evaluate.ts'
import { createKnownPolicies, type KnownPolicies } from './policies/known-policies.ts'
import type { Policy } from './policies/policy.ts'
import { keyValuesOf, requestKeysOf, sessionKeysOf, tagKeysOf } from './request-keys.ts'

const NOTHING: PrincipalPolicies = { identity: [] }

/** Who knows what callers may do: what their policies say, and the resources'. `now` is the machine's time. */
export function createAuthority({
  credentials,
  now,
}: {
  readonly credentials: Pick<Credentials, 'policiesOf'>
  readonly now: () => number
}): Authority {
  const known = createKnownPolicies()
  return {
    judgeFor(caller) {
      let policies: Promise<PrincipalPolicies> | undefined
      return async (access) => {
        policies ??= Promise.resolve(policiesOf(credentials, caller.principal))
        const given = await policies
        return judgeAccess({ known, given, principal: caller.principal }, access, () =>
          keysOf(caller, given, now()),
        )
      }
    },
  }
}

/** The root user has no policies of its own, and nobody has none at all. */
const policiesOf = (credentials: Pick<Credentials, 'policiesOf'>, principal: Principal) =>
  principal.kind === 'root' || principal.kind === 'anonymous' ? NOTHING : credentials.policiesOf(principal)

const keysOf = (
  caller: Caller,
  { tags, ...given }: PrincipalPolicies,
  now: number,
): readonly ConditionKeys[] => [
  requestKeysOf(caller, now),
  sessionKeysOf(given),
  tagKeysOf('aws:PrincipalTag', tags),
]

interface Judging {
  readonly known: KnownPolicies
  readonly given: PrincipalPolicies
  readonly principal: Principal
}

/** Undefined: it may be done. */
export function judgeAccess(
  { known, given, principal }: Judging,
  access: Access,
  requestKeys: () => readonly ConditionKeys[],
): Denial | undefined {
  const { action, resource, account } = access
  // An own policy, whatever it says, is not to shut its account out for ever.
  if (principal.kind === 'root' && principal.account === account && isOfPolicies(action)) return undefined
  const keys = keyValuesOf(() => [...requestKeys(), { 'aws:ResourceAccount': account }, access.keys ?? {}])
  const asked: Asked = { principal, action, resource, account, keys, isTrust: isAssumption(action) }
  const refusal = evaluate(applyingTo(known, given, access), asked)
  return (
    refusal && {
      message: denialText(refusal, asked, access),
      isForeign: principal.account !== account,
    }
  )
}

/** The policy of a role is its trust, and says who may assume it. */
const isAssumption = (action: string): boolean => /^sts:(AssumeRole|TagSession)/.test(action)

const isOfPolicies = (action: string): boolean => /:(Get|Put|Delete)(Bucket|Resource)Policy$/.test(action)

const applyingTo = (
  known: KnownPolicies,
  { identity, session, boundary }: PrincipalPolicies,
  { action, policy, acl }: Access,
): Applying => ({
  identity: identity.map((text) => known(text, 'identity')),
  session: session?.map((text) => known(text, 'identity')),
  boundary: boundary === undefined ? undefined : known(boundary, 'identity'),
  resource: together([
    ...(policy === undefined ? [] : [known(policy, isAssumption(action) ? 'trust' : 'resource')]),
    ...(acl === undefined ? [] : [known(acl, 'resource')]),
  ]),
})

const together = ([first, second]: readonly Policy[]): Policy | undefined =>
  first && second ? { statements: [...first.statements, ...second.statements] } : first
