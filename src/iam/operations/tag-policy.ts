import { required, structure } from '../../service/shape.ts'
import { operation } from '../iam.ts'
import { changePolicy } from '../policies/store.ts'
import { arn, tags } from '../shapes.ts'
import { withTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html */
export const tagPolicy = operation({
  name: 'TagPolicy',
  input: structure({ PolicyArn: required(arn), Tags: required(tags) }),
  output: structure({}),
  async handle(iam, { PolicyArn, Tags }, { account }) {
    const of = { account, arn: PolicyArn, by: 'TagPolicy' }
    await changePolicy(iam, of, (policy) => withTags(policy, Tags))
    return {}
  },
})
