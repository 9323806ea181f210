import { required, structure } from '../../service/shape.ts'
import { detachPolicy } from '../attachments/attach.ts'
import { roles } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
export const detachRolePolicy = operation({
  name: 'DetachRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyArn: required(arn) }),
  output: structure({}),
  async handle(iam, { RoleName, PolicyArn }, { account }) {
    await detachPolicy(iam, roles, { account, name: RoleName }, PolicyArn)
    return {}
  },
})
