import { required, structure } from '../../service/shape.ts'
import { putBoundary } from '../attachments/attach.ts'
import { users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html */
export const deleteUserPermissionsBoundary = operation({
  name: 'DeleteUserPermissionsBoundary',
  input: structure({ UserName: required(userName) }),
  output: structure({}),
  async handle(iam, { UserName }, { account }) {
    await putBoundary(iam, users, { account, name: UserName }, undefined)
    return {}
  },
})
