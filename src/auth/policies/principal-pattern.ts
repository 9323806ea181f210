import { parseArn } from '../../service/arn.ts'
import type { Principal } from '../../service/principal.ts'
import { PolicyError, type PolicyFault } from './policy-error.ts'

/** Whom a resource's policy means. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export type PrincipalPattern =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account' | 'arn' | 'service' | 'federated'; readonly name: string }

/** Who asks: a principal, or a service of AWS's by itself. */
export interface Requester {
  readonly principal: Principal
  /** `firehose.amazonaws.com`. */
  readonly service?: string
}

/**
 * How closely a pattern means somebody. `account`: only what the account's own policies allow besides. A session that
 * is named itself is held by less than one whose role is named.
 */
export type Naming = 'account' | 'everyone' | 'principal' | 'session'

/** From the loosest to the closest. */
export const NAMINGS: readonly Naming[] = ['account', 'everyone', 'principal', 'session']

export function namingOf(pattern: PrincipalPattern, { principal, service }: Requester): Naming | undefined {
  if (pattern.kind === 'everyone') return 'everyone'
  if (pattern.kind === 'service') return service === pattern.name ? 'principal' : undefined
  if (service !== undefined || pattern.kind === 'federated') return undefined
  if (pattern.kind === 'account') return principal.account === pattern.name ? 'account' : undefined
  const isItself = principal.arn !== '' && pattern.name === principal.arn
  if (isItself) return principal.kind === 'user' ? 'principal' : 'session'
  return principal.kind === 'assumed-role' && isRoleOf(pattern.name, principal.arn) ? 'principal' : undefined
}

/** A role's name is its own in an account, whatever its path; a session's ARN has no path. */
function isRoleOf(roleArn: string, sessionArn: string): boolean {
  const [role, session] = [parseArn(roleArn), parseArn(sessionArn)]
  if (!role || !session || role.account !== session.account) return false
  if (role.service !== 'iam' || !role.resource.startsWith('role/')) return false
  return role.resource.split('/').at(-1) === session.resource.split('/')[1]
}

/** Throws a PolicyError. */
export function parsePrincipals(given: unknown): readonly PrincipalPattern[] {
  if (given === '*') return [{ kind: 'everyone' }]
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return fail(given)
  const patterns = Object.entries(given).flatMap(([type, names]) => {
    const list: readonly unknown[] = Array.isArray(names) ? names : [names]
    return list.map((name) => (typeof name === 'string' ? parseOne(type, name) : fail(name)))
  })
  return patterns.length > 0 ? patterns : fail(given)
}

function parseOne(type: string, name: string): PrincipalPattern {
  if (type === 'AWS') return parseAws(name)
  if (type === 'Service' && /^[a-z\d.-]+\.amazonaws\.com(\.cn)?$/.test(name)) return { kind: 'service', name }
  if (type === 'Federated' && name !== '') return { kind: 'federated', name }
  // S3 names an account by 64 hexadecimal digits, of which the last twelve are here the account's own.
  const canonical = type === 'CanonicalUser' ? /^[\da-f]{52}(\d{12})$/.exec(name) : undefined
  return canonical ? { kind: 'account', name: canonical[1]! } : fail(name)
}

const NAMED = /^(user|role|assumed-role|federated-user)\/[\w+=,.@/-]+$/

function parseAws(name: string): PrincipalPattern {
  if (name === '*') return { kind: 'everyone' }
  if (/^\d{12}$/.test(name)) return { kind: 'account', name }
  const arn = parseArn(name)
  if (!arn || !/^\d{12}$/.test(arn.account) || arn.region !== '') return fail(name)
  if (arn.service === 'iam' && arn.resource === 'root') return { kind: 'account', name: arn.account }
  const isNamed = (arn.service === 'iam' || arn.service === 'sts') && NAMED.test(arn.resource)
  return isNamed ? { kind: 'arn', name } : fail(name)
}

function fail(value: unknown): never {
  const fault: PolicyFault = {
    what: 'principal',
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }
  throw new PolicyError(fault)
}
