import { required, string, structure } from '../../service/shape.ts'
import { encodedDocument } from '../description.ts'
import { roles } from '../entities/entity.ts'
import { inlinePolicyOf } from '../entities/inline-policies.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { policyName, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export const getRolePolicy = operation({
  name: 'GetRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyName: required(policyName) }),
  output: structure({
    RoleName: required(string()),
    PolicyName: required(string()),
    PolicyDocument: required(string()),
  }),
  async handle(iam, { RoleName, PolicyName }, { account }) {
    const { value } = await foundEntity(iam, roles, { account, name: RoleName })
    const document = inlinePolicyOf(roles, value, PolicyName)
    return { RoleName: value.name, PolicyName, PolicyDocument: encodedDocument(document) }
  },
})
