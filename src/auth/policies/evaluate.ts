import { fits, isFilled, type KeyValues, type Pattern } from './pattern.ts'
import type { Choice, Policy, Statement } from './policy.ts'
import { NAMINGS, type Naming, namingOf, type Requester } from './principal-pattern.ts'

/** What is asked for. */
export interface Asked extends Requester {
  readonly action: string
  readonly resource: string
  /** Whose the resource is. */
  readonly account: string
  readonly keys: KeyValues
  /** What its own policy does not allow nobody may do to it, be it of the same account: a role's trust. */
  readonly isTrust?: boolean
}

/** All policies that have a say. */
export interface Applying {
  readonly identity: readonly Policy[]
  /** What its session may do at most. */
  readonly session?: readonly Policy[] | undefined
  /** What it may be given at most. */
  readonly boundary?: Policy | undefined
  readonly resource?: Policy | undefined
}

export type PolicyType = 'identity-based' | 'resource-based' | 'permissions boundary' | 'session'

/** Undefined: it is allowed. */
export interface Refusal {
  /** Which kind of policy stands in the way, */
  readonly by: PolicyType
  /** and whether it says so, or only does not allow it. */
  readonly isExplicit: boolean
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
export function evaluate(policies: Applying, asked: Asked): Refusal | undefined {
  const { identity, session, boundary, resource } = policies
  const deniedBy = (by: PolicyType, those: readonly Policy[]) =>
    those.some((policy) => applying(policy, 'Deny', asked).length > 0) ? { by, isExplicit: true } : undefined
  const denied =
    deniedBy('identity-based', identity) ??
    deniedBy('resource-based', resource ? [resource] : []) ??
    deniedBy('permissions boundary', boundary ? [boundary] : []) ??
    deniedBy('session', session ?? [])
  return denied ?? missing(policies, asked)
}

/** What would have to allow it and does not. */
function missing({ identity, session, boundary, resource }: Applying, asked: Asked): Refusal | undefined {
  const { principal, account } = asked
  const isOwn = principal.account === account
  const naming = resource && closestNaming(resource, asked)
  const without = (by: PolicyType): Refusal => ({ by, isExplicit: false })
  if (principal.kind === 'anonymous') return naming === 'everyone' ? undefined : without('resource-based')
  if (asked.isTrust && !naming) return without('resource-based')
  if (isOwn && principal.kind === 'root') return undefined
  // Whom a resource's policy names so, in its own account, is held by nothing that only fails to allow it.
  if (isOwn && (naming === 'session' || (naming === 'principal' && principal.kind === 'user')))
    return undefined
  if (boundary && !allows(boundary, asked)) return without('permissions boundary')
  if (session && !session.some((policy) => allows(policy, asked))) return without('session')
  const isAllowed = principal.kind === 'root' || identity.some((policy) => allows(policy, asked))
  if (isOwn)
    return isAllowed || naming === 'principal' || naming === 'everyone'
      ? undefined
      : without('identity-based')
  if (!isAllowed) return without('identity-based')
  return naming ? undefined : without('resource-based')
}

const allows = (policy: Policy, asked: Asked): boolean => applying(policy, 'Allow', asked).length > 0

/** How closely those statements name the requester that allow it; undefined: none does. */
function closestNaming(policy: Policy, asked: Asked): Naming | undefined {
  const namings = applying(policy, 'Allow', asked).map((statement) => statementNaming(statement, asked))
  return NAMINGS.findLast((naming) => namings.includes(naming))
}

/** Whether a service may do something by a policy that names it: assume a role. */
export function allowsService(policy: Policy, asked: Asked): boolean {
  return applying(policy, 'Deny', asked).length === 0 && allows(policy, asked)
}

const applying = ({ statements }: Policy, effect: Statement['effect'], asked: Asked): Statement[] =>
  statements.filter((statement) => statement.effect === effect && applies(statement, asked))

function applies(statement: Statement, asked: Asked): boolean {
  const { effect, actions, resources, principals, conditions } = statement
  const { action, resource, keys } = asked
  return (
    isChosen(actions, action.toLowerCase(), { effect, keys }) &&
    (!resources || isChosen(resources, resource, { effect, keys })) &&
    (!principals || statementNaming(statement, asked) !== undefined) &&
    conditions.every((condition) => condition.holds(keys))
  )
}

/** What is excepted by a variable that nobody set cannot be known: the exception is then as strict as it may be. */
function isChosen(
  { isExcept, listed }: Choice<Pattern>,
  text: string,
  { effect, keys }: { readonly effect: Statement['effect']; readonly keys: KeyValues },
): boolean {
  if (listed.some((pattern) => fits(pattern, text, keys))) return !isExcept
  return isExcept && (effect === 'Deny' || listed.every((pattern) => isFilled(pattern, keys)))
}

function statementNaming({ effect, principals }: Statement, requester: Requester): Naming | undefined {
  if (!principals) return undefined
  const namings = principals.listed.map((pattern) => namingOf(pattern, requester))
  const closest = NAMINGS.findLast((naming) => namings.includes(naming))
  if (!principals.isExcept) return closest
  const isExcepted = effect === 'Deny' ? isItself(closest, requester) : closest !== undefined
  return isExcepted ? undefined : 'everyone'
}

/** An account or a role that is excepted from a Deny is that alone, and not its users and sessions. */
function isItself(naming: Naming | undefined, { principal: { kind } }: Requester): boolean {
  if (naming === 'account') return kind === 'root'
  return naming !== undefined && (naming !== 'principal' || kind !== 'assumed-role')
}
