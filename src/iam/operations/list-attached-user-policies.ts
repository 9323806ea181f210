import { required, structure } from '../../service/shape.ts'
import { attachedPolicies } from '../description.ts'
import { users } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { pageEnd, paging, policyPath, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html */
export const listAttachedUserPolicies = operation({
  name: 'ListAttachedUserPolicies',
  input: structure({ UserName: required(userName), PathPrefix: policyPath, ...paging }),
  output: structure({ AttachedPolicies: attachedPolicies, ...pageEnd }),
  async handle(iam, input, { account }) {
    const { UserName, PathPrefix = '/' } = input
    const { value } = await foundEntity(iam, users, { account, name: UserName })
    const below = (value.attached ?? []).filter((one) => one.includes(`:policy${PathPrefix}`))
    const { items, rest } = pageOf(below, (one) => one, input)
    const named = items.map((PolicyArn) => ({
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
      PolicyArn,
    }))
    return { AttachedPolicies: named, ...rest }
  },
})
