import { required, structure } from '../../service/shape.ts'
import { detachPolicy } from '../attachments/attach.ts'
import { users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html */
export const detachUserPolicy = operation({
  name: 'DetachUserPolicy',
  input: structure({ UserName: required(userName), PolicyArn: required(arn) }),
  output: structure({}),
  async handle(iam, { UserName, PolicyArn }, { account }) {
    await detachPolicy(iam, users, { account, name: UserName }, PolicyArn)
    return {}
  },
})
