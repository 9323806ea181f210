import { required, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, tagKeys } from '../shapes.ts'
import { withoutTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html */
export const untagUser = operation({
  name: 'UntagUser',
  input: structure({ UserName: required(existingUserName), TagKeys: required(tagKeys) }),
  output: structure({}),
  async handle(iam, { UserName, TagKeys }, { account }) {
    await changeEntity(iam, users, { account, name: UserName }, (entity) => withoutTags(entity, TagKeys))
    return {}
  },
})
