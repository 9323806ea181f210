import { required, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, tags } from '../shapes.ts'
import { withTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html */
export const tagUser = operation({
  name: 'TagUser',
  input: structure({ UserName: required(existingUserName), Tags: required(tags) }),
  output: structure({}),
  async handle(iam, { UserName, Tags }, { account }) {
    await changeEntity(iam, users, { account, name: UserName }, (entity) => withTags(entity, Tags))
    return {}
  },
})
