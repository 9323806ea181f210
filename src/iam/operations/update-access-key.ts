import { required, structure } from '../../service/shape.ts'
import { setAccessKeyActive } from '../access-keys/store.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { validationError } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { accessKeyId, existingUserName, status } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html */
export const updateAccessKey = operation({
  name: 'UpdateAccessKey',
  input: structure({
    UserName: existingUserName,
    AccessKeyId: required(accessKeyId),
    Status: required(status),
  }),
  output: structure({}),
  async handle(iam, input, caller) {
    const { AccessKeyId, Status } = input
    if (Status === 'Expired') throw validationError('An access key can be set to Active or Inactive only.')
    const user = requestedUser(input, caller)
    await foundEntity(iam, users, user)
    await setAccessKeyActive(iam, { user, accessKeyId: AccessKeyId }, Status === 'Active')
    return {}
  },
})
