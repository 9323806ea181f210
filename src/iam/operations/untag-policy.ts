import { required, structure } from '../../service/shape.ts'
import { operation } from '../iam.ts'
import { changePolicy } from '../policies/store.ts'
import { arn, tagKeys } from '../shapes.ts'
import { withoutTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html */
export const untagPolicy = operation({
  name: 'UntagPolicy',
  input: structure({ PolicyArn: required(arn), TagKeys: required(tagKeys) }),
  output: structure({}),
  async handle(iam, { PolicyArn, TagKeys }, { account }) {
    const of = { account, arn: PolicyArn, by: 'UntagPolicy' }
    await changePolicy(iam, of, (policy) => withoutTags(policy, TagKeys))
    return {}
  },
})
