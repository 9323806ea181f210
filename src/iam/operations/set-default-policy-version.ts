import { required, structure } from '../../service/shape.ts'
import { operation } from '../iam.ts'
import { changePolicy } from '../policies/store.ts'
import { withDefault } from '../policies/versions.ts'
import { arn, policyVersionId } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html */
export const setDefaultPolicyVersion = operation({
  name: 'SetDefaultPolicyVersion',
  input: structure({ PolicyArn: required(arn), VersionId: required(policyVersionId) }),
  output: structure({}),
  async handle(iam, input, { account }) {
    const of = { account, arn: input.PolicyArn, by: 'SetDefaultPolicyVersion' }
    await changePolicy(iam, of, (policy) => withDefault(policy, input, iam.clock.now()))
    return {}
  },
})
