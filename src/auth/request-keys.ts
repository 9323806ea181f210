import type { ConditionKeys } from '../service/access.ts'
import { parseArn } from '../service/arn.ts'
import type { Caller } from '../service/operation.ts'
import type { Principal } from '../service/principal.ts'
import type { PrincipalPolicies } from './credentials.ts'
import type { KeyValues } from './policies/pattern.ts'

/**
 * What every request tells whose policies are asked, beside what its service knows.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function requestKeysOf(
  { connection, region, principal }: Pick<Caller, 'connection' | 'region' | 'principal'>,
  now: number,
): ConditionKeys {
  return {
    'aws:SourceIp': connection.address,
    'aws:SecureTransport': String(connection.isEncrypted),
    'aws:UserAgent': connection.userAgent,
    'aws:Referer': connection.referer,
    'aws:RequestedRegion': region,
    // Policies that deny what comes from nowhere else want to hear it.
    'aws:ViaAWSService': 'false',
    ...timeKeysOf(now),
    ...principalKeysOf(principal),
  }
}

export const timeKeysOf = (now: number): ConditionKeys => ({
  'aws:CurrentTime': new Date(now).toISOString(),
  'aws:EpochTime': String(Math.floor(now / 1000)),
})

const TYPES: Readonly<Record<Principal['kind'], string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
  anonymous: 'Anonymous',
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html says who has which. */
export function principalKeysOf(principal: Principal): ConditionKeys {
  const { kind, account, userId } = principal
  return {
    'aws:PrincipalType': TYPES[kind],
    'aws:userid': userId,
    ...(kind !== 'anonymous' && {
      'aws:PrincipalArn': principalArnOf(principal),
      'aws:PrincipalAccount': account,
      'aws:PrincipalIsAWSService': 'false',
    }),
    ...(kind === 'user' && { 'aws:username': principal.arn.split('/').at(-1) }),
    // Only temporary keys say whether there was a second factor.
    ...(['assumed-role', 'federated-user'].includes(kind) && { 'aws:MultiFactorAuthPresent': 'false' }),
  }
}

/** What is known of a session beside whom it stands for. A policy that revokes old sessions asks when they began. */
export const sessionKeysOf = ({
  roleArn,
  issuedAt,
}: Pick<PrincipalPolicies, 'roleArn' | 'issuedAt'>): ConditionKeys => ({
  'aws:PrincipalArn': roleArn,
  'aws:TokenIssueTime': issuedAt === undefined ? undefined : new Date(issuedAt).toISOString(),
})

/** A session counts as its role. */
function principalArnOf({ kind, arn }: Principal): string {
  const parts = kind === 'assumed-role' ? parseArn(arn) : undefined
  return parts ? `arn:${parts.partition}:iam::${parts.account}:role/${parts.resource.split('/')[1]}` : arn
}

/** By their names in lower case; they are looked for when the first is asked for, for most policies ask for none. */
export function keyValuesOf(sets: () => readonly ConditionKeys[]): KeyValues {
  let values: Map<string, readonly string[]> | undefined
  return {
    get(key) {
      values ??= valuesIn(sets())
      return values.get(key)
    },
  }
}

function valuesIn(sets: readonly ConditionKeys[]): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>()
  for (const set of sets)
    for (const [name, value] of Object.entries(set))
      if (value !== undefined) values.set(name.toLowerCase(), typeof value === 'string' ? [value] : value)
  return values
}

export const tagKeysOf = (prefix: string, tags: Readonly<Record<string, string>> = {}): ConditionKeys =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]))

/** What a request says of tags that it puts (as a map or as a list) or takes away. */
export function tagRequestKeysOf({
  Tags: tags,
  TagKeys: names,
}: {
  readonly Tags?: unknown
  readonly TagKeys?: unknown
}): ConditionKeys {
  const given = Array.isArray(tags)
    ? tags.map(({ Key, Value = '' }: { Key: string; Value?: string }) => [Key, Value] as const)
    : Object.entries((tags ?? {}) as Record<string, string>)
  const keys = Array.isArray(names) ? names.map(String) : given.map(([key]) => key)
  return {
    ...tagKeysOf('aws:RequestTag', Object.fromEntries(given)),
    ...(keys.length > 0 && { 'aws:TagKeys': keys }),
  }
}
