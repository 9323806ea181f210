import { required, structure } from '../../service/shape.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { foundPolicy } from '../policies/store.ts'
import { arn, pageEnd, paging, tags } from '../shapes.ts'
import { tagMembers } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html */
export const listPolicyTags = operation({
  name: 'ListPolicyTags',
  input: structure({ PolicyArn: required(arn), ...paging }),
  output: structure({ Tags: required(tags), ...pageEnd }),
  async handle(iam, input, { account }) {
    const policy = await foundPolicy(iam, account, input.PolicyArn)
    const { items, rest } = pageOf(tagMembers(policy), ({ Key }) => Key, input)
    return { Tags: [...items], ...rest }
  },
})
