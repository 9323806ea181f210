import { tagKeysOf, tagRequestKeysOf } from '../auth/request-keys.ts'
import type { Access, ConditionKeys } from '../service/access.ts'
import { formatArn, partitionOf } from '../service/arn.ts'
import type { Admission, Caller } from '../service/operation.ts'
import { entityArn } from './description.ts'
import { type Entity, type EntityKind, type EntityRef, roles, users } from './entities/entity.ts'
import { requestedUser } from './entities/requested-user.ts'
import { foundOrNone } from './entities/store.ts'
import { sessionMayNot } from './exceptions.ts'
import type { Iam } from './iam.ts'

/** What the inputs of IAM's operations have in common. */
interface Named {
  readonly UserName?: string
  readonly RoleName?: string
  readonly PolicyName?: string
  readonly PolicyArn?: string
  readonly Path?: string
  readonly NewUserName?: string
  readonly NewPath?: string
  readonly PermissionsBoundary?: string
  readonly Tags?: unknown
  readonly TagKeys?: unknown
}

/**
 * What a call does to what: to the user, the role or the policy that it names.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export async function accessesOf(
  iam: Iam,
  { operation, input, caller }: Admission<Iam>,
): Promise<readonly Access[]> {
  if (isSessionOfUser(caller)) throw sessionMayNot()
  const named: Named = input
  const { resource, tags, boundary } = await targetOf(iam, operation, named, caller)
  const keys: ConditionKeys = {
    'iam:PolicyARN': /^(At|De)tach/.test(operation.name) ? namesOf(named.PolicyArn) : undefined,
    'iam:PermissionsBoundary': namesOf(named.PermissionsBoundary ?? boundary),
    ...tagRequestKeysOf(named),
    ...tagKeysOf('aws:ResourceTag', tags),
    ...tagKeysOf('iam:ResourceTag', tags),
  }
  const access = { action: `iam:${operation.name}`, resource, account: caller.account, keys }
  const renamed = operation.name === 'UpdateUser' ? renamedArn(resource, named) : resource
  return renamed === resource ? [access] : [access, { ...access, resource: renamed }]
}

/** Without a second factor AWS lets nobody turn temporary keys of their own into lasting ones. */
const isSessionOfUser = ({ judge, principal: { kind, accessKeyId } }: Caller): boolean =>
  judge !== undefined && kind !== 'assumed-role' && /^ASIA[A-Z2-7]{16}$/.test(accessKeyId)

/** AWS's own policies are found under each partition: policies may mean them by either name. */
function namesOf(policyArn: string | undefined): readonly string[] | undefined {
  if (policyArn === undefined) return undefined
  return [...new Set([policyArn, policyArn.replace(/^arn:[^:]+(?=:iam::aws:)/, 'arn:aws')])]
}

/** Who gives a user another name needs leave for that, too. */
function renamedArn(arn: string, { NewUserName, NewPath }: Named): string {
  const [, start, path, name] = /^(.*:user)(\/(?:.*\/)?)([^/]+)$/s.exec(arn) ?? []
  return name === undefined ? arn : `${start}${NewPath ?? path}${NewUserName ?? name}`
}

interface Target {
  readonly resource: string
  readonly tags?: Readonly<Record<string, string>>
  /** What it is held by already. */
  readonly boundary?: string
}

async function targetOf(
  iam: Iam,
  { name, input }: Admission<Iam>['operation'],
  named: Named,
  caller: Caller,
): Promise<Target> {
  const { account, region } = caller
  const { RoleName, PolicyName, PolicyArn, Path = '/' } = named
  if (RoleName !== undefined)
    return await entityTarget(iam, roles, { account, name: RoleName }, { Path, region })
  if (takesUser(input.members) && (named.UserName !== undefined || caller.principal.kind === 'user'))
    return await entityTarget(iam, users, requestedUser(named, caller), { Path, region })
  if (PolicyArn !== undefined) return { resource: PolicyArn }
  if (name !== 'CreatePolicy') return { resource: '*' }
  const resource = `policy${Path}${PolicyName}`
  return {
    resource: formatArn({ partition: partitionOf(region), service: 'iam', region: '', account, resource }),
  }
}

const takesUser = (members: object) => 'UserName' in members

/** One that there is not, too: it is about to be made, or whoever may not know is not to hear that there is none. */
async function entityTarget<E extends Entity>(
  iam: Iam,
  kind: EntityKind<E>,
  ref: EntityRef,
  { Path, region }: { readonly Path: string; readonly region: string },
): Promise<Target> {
  const found = await foundOrNone(iam, kind, ref)
  const { tags, boundary } = found ?? {}
  const entity = found ?? { partition: partitionOf(region), path: Path, name: ref.name }
  return {
    resource: entityArn(kind.word, ref.account, entity),
    ...(tags && { tags }),
    ...(boundary !== undefined && { boundary }),
  }
}
