import { required, structure } from '../../service/shape.ts'
import { policyHasVersions, policyIsAttached } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { changePolicy } from '../policies/store.ts'
import { arn } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
export const deletePolicy = operation({
  name: 'DeletePolicy',
  input: structure({ PolicyArn: required(arn) }),
  output: structure({}),
  async handle(iam, { PolicyArn }, { account }) {
    await changePolicy(iam, { account, arn: PolicyArn, by: 'DeletePolicy' }, (policy) => {
      if (policy.attachments + policy.boundaries > 0) throw policyIsAttached()
      if (policy.versions.length > 1) throw policyHasVersions()
      return undefined
    })
    return {}
  },
})
