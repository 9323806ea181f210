import { required, structure } from '../../service/shape.ts'
import { attachPolicy } from '../attachments/attach.ts'
import { users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { arn, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html */
export const attachUserPolicy = operation({
  name: 'AttachUserPolicy',
  input: structure({ UserName: required(userName), PolicyArn: required(arn) }),
  output: structure({}),
  async handle(iam, { UserName, PolicyArn }, { account }) {
    await attachPolicy(iam, users, { account, name: UserName }, PolicyArn)
    return {}
  },
})
