import { boolean, required, structure } from '../../service/shape.ts'
import { listedVersion, versionShape } from '../description.ts'
import { operation } from '../iam.ts'
import { checkManagedPolicy } from '../policies/policy-document.ts'
import { changePolicy } from '../policies/store.ts'
import { withVersion } from '../policies/versions.ts'
import { arn, policyText } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html */
export const createPolicyVersion = operation({
  name: 'CreatePolicyVersion',
  input: structure({
    PolicyArn: required(arn),
    PolicyDocument: required(policyText),
    SetAsDefault: boolean(),
  }),
  output: structure({ PolicyVersion: versionShape }),
  async handle(iam, input, { account }) {
    const { PolicyArn, PolicyDocument: document, SetAsDefault: isDefault = false } = input
    checkManagedPolicy(document)
    const of = { account, arn: PolicyArn, by: 'CreatePolicyVersion' }
    const policy = await changePolicy(iam, of, (one) =>
      withVersion(one, { document, isDefault }, iam.clock.now()),
    )
    return { PolicyVersion: listedVersion(policy!, policy!.versions.at(-1)!) }
  },
})
