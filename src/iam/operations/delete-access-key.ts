import { required, structure } from '../../service/shape.ts'
import { removeAccessKey } from '../access-keys/store.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { operation } from '../iam.ts'
import { accessKeyId, existingUserName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html */
export const deleteAccessKey = operation({
  name: 'DeleteAccessKey',
  input: structure({ UserName: existingUserName, AccessKeyId: required(accessKeyId) }),
  output: structure({}),
  async handle(iam, input, caller) {
    await removeAccessKey(iam, { user: requestedUser(input, caller), accessKeyId: input.AccessKeyId })
    return {}
  },
})
