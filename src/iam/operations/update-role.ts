import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { maxSessionDuration, roleDescription, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html */
export const updateRole = operation({
  name: 'UpdateRole',
  input: structure({
    RoleName: required(roleName),
    Description: roleDescription,
    MaxSessionDuration: maxSessionDuration,
  }),
  output: structure({}),
  async handle(iam, input, { account }) {
    const { RoleName, Description, MaxSessionDuration } = input
    await changeEntity(iam, roles, { account, name: RoleName }, (role) => ({
      ...role,
      ...(Description !== undefined && { description: Description }),
      ...(MaxSessionDuration !== undefined && { maxSessionDurationSeconds: MaxSessionDuration }),
    }))
    return {}
  },
})
