import { required, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { existingUserName, pageEnd, paging, tags } from '../shapes.ts'
import { tagMembers } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html */
export const listUserTags = operation({
  name: 'ListUserTags',
  input: structure({ UserName: required(existingUserName), ...paging }),
  output: structure({ Tags: required(tags), ...pageEnd }),
  async handle(iam, input, { account }) {
    const { value } = await foundEntity(iam, users, { account, name: input.UserName })
    const { items, rest } = pageOf(tagMembers(value), ({ Key }) => Key, input)
    return { Tags: [...items], ...rest }
  },
})
