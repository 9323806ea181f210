import { required, structure } from '../../service/shape.ts'
import { describedRole, roleShape } from '../description.ts'
import { roles } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const getRole = operation({
  name: 'GetRole',
  input: structure({ RoleName: required(roleName) }),
  output: structure({ Role: required(roleShape) }),
  async handle(iam, { RoleName }, { account }) {
    const { value } = await foundEntity(iam, roles, { account, name: RoleName })
    return { Role: describedRole(account, value) }
  },
})
