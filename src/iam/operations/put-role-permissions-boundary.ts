import { required, structure } from '../../service/shape.ts'
import { putBoundary } from '../attachments/attach.ts'
import { roles } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html */
export const putRolePermissionsBoundary = operation({
  name: 'PutRolePermissionsBoundary',
  input: structure({ RoleName: required(roleName), PermissionsBoundary: required(arn) }),
  output: structure({}),
  async handle(iam, { RoleName, PermissionsBoundary }, { account }) {
    await putBoundary(iam, roles, { account, name: RoleName }, PermissionsBoundary)
    return {}
  },
})
