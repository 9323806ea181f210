import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { checkTrustPolicy } from '../policies/policy-document.ts'
import { policyText, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html */
export const updateAssumeRolePolicy = operation({
  name: 'UpdateAssumeRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyDocument: required(policyText) }),
  output: structure({}),
  async handle(iam, { RoleName, PolicyDocument }, { account }) {
    checkTrustPolicy(PolicyDocument)
    await changeEntity(iam, roles, { account, name: RoleName }, (role) => ({
      ...role,
      trust: PolicyDocument,
    }))
    return {}
  },
})
