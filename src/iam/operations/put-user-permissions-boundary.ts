import { required, structure } from '../../service/shape.ts'
import { putBoundary } from '../attachments/attach.ts'
import { users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html */
export const putUserPermissionsBoundary = operation({
  name: 'PutUserPermissionsBoundary',
  input: structure({ UserName: required(userName), PermissionsBoundary: required(arn) }),
  output: structure({}),
  async handle(iam, { UserName, PermissionsBoundary }, { account }) {
    await putBoundary(iam, users, { account, name: UserName }, PermissionsBoundary)
    return {}
  },
})
