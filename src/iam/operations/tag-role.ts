import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { roleName, tags } from '../shapes.ts'
import { withTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html */
export const tagRole = operation({
  name: 'TagRole',
  input: structure({ RoleName: required(roleName), Tags: required(tags) }),
  output: structure({}),
  async handle(iam, { RoleName, Tags }, { account }) {
    await changeEntity(iam, roles, { account, name: RoleName }, (entity) => withTags(entity, Tags))
    return {}
  },
})
