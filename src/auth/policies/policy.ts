import { isNestedDeeper } from '../../service/json-depth.ts'
import { type Condition, parseCondition } from './condition.ts'
import { type Pattern, parsePattern } from './pattern.ts'
import { PolicyError, type PolicyFault } from './policy-error.ts'
import { type PrincipalPattern, parsePrincipals } from './principal-pattern.ts'

/** A policy, ready to be asked. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export interface Policy {
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: Choice<Pattern>
  /** Absent: whatever the policy is attached to. */
  readonly resources?: Choice<Pattern>
  /** Absent: whom the policy is attached to. */
  readonly principals?: Choice<PrincipalPattern>
  readonly conditions: readonly Condition[]
  /** As they are written, for who has more to check. */
  readonly written: { readonly actions: readonly string[]; readonly resources: readonly string[] }
}

/** What is listed, or all but that. */
export interface Choice<T> {
  readonly isExcept: boolean
  readonly listed: readonly T[]
}

/** `identity`: names no principal. `resource`: names principals and resources. `trust`: names principals alone. */
export type PolicyKind = 'identity' | 'resource' | 'trust'

const VERSIONS: readonly unknown[] = ['2008-10-17', '2012-10-17']
const MEMBERS = ['Version', 'Id', 'Statement']
const STATEMENT_MEMBERS = [
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource'],
  'Condition',
]

type Json = Readonly<Record<string, unknown>>

/** Throws a PolicyError for what AWS does not take as one of its kind. */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const json = jsonOf(text)
  checkMembers(json, MEMBERS)
  const { Version: version, Id: id, Statement: given } = json
  if (version !== undefined && !VERSIONS.includes(version)) fail({ what: 'version' })
  if (id !== undefined && typeof id !== 'string') fail({ what: 'syntax' })
  if (given === undefined) fail({ what: 'missing', member: 'Statement' })
  const list = Array.isArray(given) ? given : [given]
  const statements = list.map((one) => parseStatement(objectOf(one), kind, version === '2012-10-17'))
  const sids = list.flatMap(({ Sid }: { Sid?: string }) => (Sid ? [Sid] : []))
  if (new Set(sids).size < sids.length) fail({ what: 'doubled Sid' })
  return { statements }
}

/** More than the grammar has; what is wrong with a member is said with the member, which has to be written out. */
const MAX_DEPTH = 32

function jsonOf(text: string): Json {
  if (!text.startsWith('{') || isNestedDeeper(Buffer.from(text), MAX_DEPTH)) fail({ what: 'json' })
  try {
    return objectOf(JSON.parse(text))
  } catch (error) {
    return error instanceof PolicyError ? fail(error.fault) : fail({ what: 'json' })
  }
}

function parseStatement(given: Json, kind: PolicyKind, hasVariables: boolean): Statement {
  checkMembers(given, STATEMENT_MEMBERS)
  const { Sid: sid, Effect: effect, Condition: conditions } = given
  if (sid !== undefined && typeof sid !== 'string') fail({ what: 'syntax' })
  if (effect === undefined) fail({ what: 'missing', member: 'Effect' })
  if (effect !== 'Allow' && effect !== 'Deny')
    return fail({ what: 'effect', value: typeof effect === 'string' ? effect : JSON.stringify(effect) })
  const principals = kind === 'identity' ? forbidden(given, 'Principal') : principalsOf(given)
  const actions = choiceOf(given, 'Action')
  if (!actions) return fail({ what: 'missing', member: 'Action' })
  for (const action of actions.listed) checkAction(action)
  const resources = kind === 'trust' ? forbidden(given, 'Resource') : choiceOf(given, 'Resource')
  if (!resources && kind !== 'trust') fail({ what: 'missing', member: 'Resource' })
  for (const resource of resources?.listed ?? []) checkResource(resource)
  const lower = (action: string) => action.toLowerCase()
  return {
    effect,
    actions: mapped(actions, (text) =>
      parsePattern(lower(text), { hasWildcards: true, hasVariables: false }),
    ),
    ...(resources && {
      resources: mapped(resources, (text) => parsePattern(text, { hasWildcards: true, hasVariables })),
    }),
    ...(principals && { principals }),
    conditions: conditions === undefined ? [] : conditionsOf(objectOf(conditions), hasVariables),
    written: { actions: actions.listed, resources: resources?.listed ?? [] },
  }
}

const mapped = <T, U>({ isExcept, listed }: Choice<T>, map: (one: T) => U): Choice<U> => ({
  isExcept,
  listed: listed.map(map),
})

function forbidden(given: Json, member: string): undefined {
  for (const name of [member, `Not${member}`])
    if (given[name] !== undefined) fail({ what: 'prohibited', member: name })
}

function choiceOf(given: Json, member: string): Choice<string> | undefined {
  const { [member]: those, [`Not${member}`]: others } = given
  if (those !== undefined && others !== undefined) fail({ what: 'syntax' })
  const listed = those ?? others
  return listed === undefined ? undefined : { isExcept: those === undefined, listed: textsOf(listed) }
}

function principalsOf(given: Json): Choice<PrincipalPattern> {
  const { Principal: those, NotPrincipal: others } = given
  if (those !== undefined && others !== undefined) fail({ what: 'syntax' })
  if (those === undefined && others === undefined) fail({ what: 'missing', member: 'Principal' })
  return { isExcept: those === undefined, listed: parsePrincipals(those ?? others) }
}

function conditionsOf(given: Json, hasVariables: boolean): Condition[] {
  return Object.entries(given).flatMap(([operator, keys]) =>
    Object.entries(objectOf(keys)).map(([key, value]) => {
      if (!/^[A-Za-z\d-]+:.+$/s.test(key)) fail({ what: 'condition key', value: key })
      const values = (Array.isArray(value) ? value : [value]).map(conditionValue)
      const condition = parseCondition({ operator, key, values, hasVariables })
      return condition ?? fail({ what: 'operator', value: operator })
    }),
  )
}

const conditionValue = (value: unknown): string =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : fail({ what: 'syntax' })

function checkAction(action: string): void {
  if (action !== '*' && !/^([A-Za-z\d-]+|\*):[A-Za-z\d*?]+$/.test(action))
    fail({ what: 'action', value: action })
}

function checkResource(resource: string): void {
  const hasForm =
    resource === '*' || /^arn:[^:]*:[^:]*:[^:]*:.+$/s.test(resource) || /^arn:.*\*$/s.test(resource)
  if (!hasForm) fail({ what: 'resource', value: resource })
}

function checkMembers(given: Json, known: readonly string[]): void {
  for (const member of Object.keys(given)) if (!known.includes(member)) fail({ what: 'unknown', member })
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) fail({ what: 'syntax' })
  return list.map((one) => (typeof one === 'string' ? one : fail({ what: 'syntax' })))
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail({ what: 'syntax' })
  return { ...(value as object) }
}

function fail(fault: PolicyFault): never {
  throw new PolicyError(fault)
}
