import { required, structure } from '../../service/shape.ts'
import { putBoundary } from '../attachments/attach.ts'
import { roles } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html */
export const deleteRolePermissionsBoundary = operation({
  name: 'DeleteRolePermissionsBoundary',
  input: structure({ RoleName: required(roleName) }),
  output: structure({}),
  async handle(iam, { RoleName }, { account }) {
    await putBoundary(iam, roles, { account, name: RoleName }, undefined)
    return {}
  },
})
