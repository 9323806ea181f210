import { required, structure } from '../../service/shape.ts'
import { encodedDocument, listedVersion, versionShape } from '../description.ts'
import { operation } from '../iam.ts'
import { foundPolicy } from '../policies/store.ts'
import { foundVersion } from '../policies/versions.ts'
import { arn, policyVersionId } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
export const getPolicyVersion = operation({
  name: 'GetPolicyVersion',
  input: structure({ PolicyArn: required(arn), VersionId: required(policyVersionId) }),
  output: structure({ PolicyVersion: versionShape }),
  async handle(iam, input, { account }) {
    const policy = await foundPolicy(iam, account, input.PolicyArn)
    const version = foundVersion(policy, input)
    return {
      PolicyVersion: { Document: encodedDocument(version.document), ...listedVersion(policy, version) },
    }
  },
})
