import { required, structure } from '../../service/shape.ts'
import { attachPolicy } from '../attachments/attach.ts'
import { roles } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export const attachRolePolicy = operation({
  name: 'AttachRolePolicy',
  input: structure({ RoleName: required(roleName), PolicyArn: required(arn) }),
  output: structure({}),
  async handle(iam, { RoleName, PolicyArn }, { account }) {
    await attachPolicy(iam, roles, { account, name: RoleName }, PolicyArn)
    return {}
  },
})
