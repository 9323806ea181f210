import { required, structure } from '../../service/shape.ts'
import { operation } from '../iam.ts'
import { changePolicy } from '../policies/store.ts'
import { withoutVersion } from '../policies/versions.ts'
import { arn, policyVersionId } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html */
export const deletePolicyVersion = operation({
  name: 'DeletePolicyVersion',
  input: structure({ PolicyArn: required(arn), VersionId: required(policyVersionId) }),
  output: structure({}),
  async handle(iam, input, { account }) {
    const of = { account, arn: input.PolicyArn, by: 'DeletePolicyVersion' }
    await changePolicy(iam, of, (policy) => withoutVersion(policy, input))
    return {}
  },
})
