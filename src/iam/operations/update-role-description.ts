import { required, structure } from '../../service/shape.ts'
import { describedRole, roleShape } from '../description.ts'
import { roles } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { roleDescription, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html */
export const updateRoleDescription = operation({
  name: 'UpdateRoleDescription',
  input: structure({ RoleName: required(roleName), Description: required(roleDescription) }),
  output: structure({ Role: roleShape }),
  async handle(iam, { RoleName, Description }, { account }) {
    const ref = { account, name: RoleName }
    const role = await changeEntity(iam, roles, ref, (one) => ({ ...one, description: Description }))
    return { Role: describedRole(account, role) }
  },
})
