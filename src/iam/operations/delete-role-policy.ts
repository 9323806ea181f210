import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { withoutInlinePolicy } from '../entities/inline-policies.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { policyName, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
export const deleteRolePolicy = operation({
  name: 'DeleteRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyName: required(policyName) }),
  output: structure({}),
  async handle(iam, { RoleName, PolicyName }, { account }) {
    await changeEntity(iam, roles, { account, name: RoleName }, (entity) =>
      withoutInlinePolicy(roles, entity, PolicyName),
    )
    return {}
  },
})
