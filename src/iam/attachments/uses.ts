import { listedPolicy } from '../description.ts'
import { type Entity, type EntityKind, prefixOf, roles, users } from '../entities/entity.ts'
import type { Iam } from '../iam.ts'
import { AWS_ACCOUNT, awsPolicies } from '../policies/aws-managed.ts'
import { policyArn } from '../policies/store.ts'

/** The users, or roles, of an account whose policy it is, or whose permissions boundary. */
export async function usersOfPolicy<E extends Entity>(
  { metadata }: Pick<Iam, 'metadata'>,
  kind: EntityKind<E>,
  { account, arn }: { readonly account: string; readonly arn: string },
) {
  const range = { prefix: prefixOf(kind, account), damaged: 'left out' } as const
  const all = (await kind.document.list(metadata, range)).map(({ value }) => value)
  return {
    attached: all.filter(({ attached = [] }) => attached.includes(arn)),
    bounded: all.filter(({ boundary }) => boundary === arn),
  }
}

/** How often an account uses one of AWS's policies, which count nothing themselves. */
export async function countsOf(iam: Pick<Iam, 'metadata'>, account: string, arn: string) {
  const found = [
    await usersOfPolicy(iam, users, { account, arn }),
    await usersOfPolicy(iam, roles, { account, arn }),
  ]
  return {
    AttachmentCount: found.reduce((sum, { attached }) => sum + attached.length, 0),
    PermissionsBoundaryUsageCount: found.reduce((sum, { bounded }) => sum + bounded.length, 0),
  }
}

/** AWS's policies, as an account's list tells of them. */
export const describedOfAws = (iam: Pick<Iam, 'metadata'>, account: string) =>
  Promise.all(
    awsPolicies.map(async (policy) => ({
      ...listedPolicy(AWS_ACCOUNT, policy),
      ...(await countsOf(iam, account, policyArn(AWS_ACCOUNT, policy))),
    })),
  )
