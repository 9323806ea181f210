import { boolean, list, structure } from '../../service/shape.ts'
import { describedOfAws } from '../attachments/uses.ts'
import { listedPolicy, policyShape } from '../description.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { policiesPrefix, policyDocument } from '../policies/managed-policy.ts'
import { pageEnd, paging, policyPath, policyScope, policyUsage } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
export const listPolicies = operation({
  name: 'ListPolicies',
  input: structure({
    Scope: policyScope,
    OnlyAttached: boolean(),
    PathPrefix: policyPath,
    PolicyUsageFilter: policyUsage,
    ...paging,
  }),
  output: structure({ Policies: list(policyShape), ...pageEnd }),
  async handle(iam, input, { account }) {
    const { Scope = 'All', OnlyAttached = false, PathPrefix = '/', PolicyUsageFilter: usage } = input
    const range = { prefix: policiesPrefix(account), damaged: 'left out' } as const
    const own = Scope === 'AWS' ? [] : await policyDocument.list(iam.metadata, range)
    const ofAws = Scope === 'Local' ? [] : await describedOfAws(iam, account)
    const all = [...own.map(({ value }) => listedPolicy(account, value)), ...ofAws]
    const wanted = all.filter(
      ({ Path, AttachmentCount, PermissionsBoundaryUsageCount }) =>
        Path.startsWith(PathPrefix) &&
        (!OnlyAttached || AttachmentCount + PermissionsBoundaryUsageCount > 0) &&
        (usage !== 'PermissionsPolicy' || AttachmentCount > 0) &&
        (usage !== 'PermissionsBoundary' || PermissionsBoundaryUsageCount > 0),
    )
    const { items, rest } = pageOf(wanted, ({ Arn }) => Arn, input)
    return { Policies: [...items], ...rest }
  },
})
