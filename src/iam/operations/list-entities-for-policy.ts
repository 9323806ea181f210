import { list, required, string, structure } from '../../service/shape.ts'
import { usersOfPolicy } from '../attachments/uses.ts'
import { type Entity, type EntityKind, roles, users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { foundPolicy } from '../policies/store.ts'
import { arn, entityType, pageEnd, paging, path, policyUsage } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html */
export const listEntitiesForPolicy = operation({
  name: 'ListEntitiesForPolicy',
  input: structure({
    PolicyArn: required(arn),
    EntityFilter: entityType,
    PathPrefix: path,
    PolicyUsageFilter: policyUsage,
    ...paging,
  }),
  output: structure({
    PolicyGroups: list(structure({ GroupName: string(), GroupId: string() })),
    PolicyUsers: list(structure({ UserName: string(), UserId: string() })),
    PolicyRoles: list(structure({ RoleName: string(), RoleId: string() })),
    ...pageEnd,
  }),
  async handle(iam, input, { account }) {
    const { PolicyArn, EntityFilter } = input
    await foundPolicy(iam, account, PolicyArn)
    const wantedOf = async <E extends Entity>(kind: EntityKind<E>, word: 'User' | 'Role') =>
      EntityFilter === undefined || EntityFilter === word
        ? wanted(await usersOfPolicy(iam, kind, { account, arn: PolicyArn }), input).map((entity) => ({
            word,
            entity,
          }))
        : []
    const all = [...(await wantedOf(users, 'User')), ...(await wantedOf(roles, 'Role'))]
    const { items, rest } = pageOf(all, ({ word, entity }) => `${word}/${entity.name}`, input)
    const of = (wanted: 'User' | 'Role') =>
      items.filter(({ word }) => word === wanted).map(({ entity }) => entity)
    return {
      PolicyGroups: [],
      PolicyUsers: of('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...rest,
    }
  },
})

type Found = Awaited<ReturnType<typeof usersOfPolicy>>

interface Wanted {
  readonly PathPrefix?: string | undefined
  readonly PolicyUsageFilter?: 'PermissionsPolicy' | 'PermissionsBoundary' | undefined
}

function wanted(
  { attached, bounded }: Found,
  { PathPrefix = '/', PolicyUsageFilter: usage }: Wanted,
): readonly Entity[] {
  const all = [
    ...(usage === 'PermissionsBoundary' ? [] : attached),
    ...(usage === 'PermissionsPolicy' ? [] : bounded),
  ]
  return [...new Set(all)].filter(({ path }) => path.startsWith(PathPrefix))
}
