import { required, structure } from '../../service/shape.ts'
import { attachedPolicies } from '../description.ts'
import { roles } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { pageEnd, paging, policyPath, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export const listAttachedRolePolicies = operation({
  name: 'ListAttachedRolePolicies',
  input: structure({ RoleName: required(roleName), PathPrefix: policyPath, ...paging }),
  output: structure({ AttachedPolicies: attachedPolicies, ...pageEnd }),
  async handle(iam, input, { account }) {
    const { RoleName, PathPrefix = '/' } = input
    const { value } = await foundEntity(iam, roles, { account, name: RoleName })
    const below = (value.attached ?? []).filter((one) => one.includes(`:policy${PathPrefix}`))
    const { items, rest } = pageOf(below, (one) => one, input)
    const named = items.map((PolicyArn) => ({
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
      PolicyArn,
    }))
    return { AttachedPolicies: named, ...rest }
  },
})
