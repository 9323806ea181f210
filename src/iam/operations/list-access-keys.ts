import { list, required, structure } from '../../service/shape.ts'
import { accessKeysOf } from '../access-keys/store.ts'
import { accessKeyMetadata } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { existingUserName, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html */
export const listAccessKeys = operation({
  name: 'ListAccessKeys',
  input: structure({ UserName: existingUserName, ...paging }),
  output: structure({ AccessKeyMetadata: required(list(accessKeyMetadata)), ...pageEnd }),
  async handle(iam, input, caller) {
    const { value } = await foundEntity(iam, users, requestedUser(input, caller))
    const { items, rest } = pageOf(await accessKeysOf(iam, value), ({ accessKeyId }) => accessKeyId, input)
    const listed = items.map(({ userName, accessKeyId, isActive, createdAt }) => ({
      UserName: userName,
      AccessKeyId: accessKeyId,
      Status: isActive ? 'Active' : 'Inactive',
      CreateDate: createdAt,
    }))
    return { AccessKeyMetadata: listed, ...rest }
  },
})
