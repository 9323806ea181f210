import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { withInlinePolicy } from '../entities/inline-policies.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { checkIdentityPolicy } from '../policies/policy-document.ts'
import { policyName, policyText, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export const putRolePolicy = operation({
  name: 'PutRolePolicy',
  input: structure({
    RoleName: required(roleName),
    PolicyName: required(policyName),
    PolicyDocument: required(policyText),
  }),
  output: structure({}),
  async handle(iam, { RoleName, PolicyName, PolicyDocument }, { account }) {
    checkIdentityPolicy(PolicyDocument)
    await changeEntity(iam, roles, { account, name: RoleName }, (entity) =>
      withInlinePolicy(roles, entity, PolicyName, PolicyDocument),
    )
    return {}
  },
})
