import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { roleName, tagKeys } from '../shapes.ts'
import { withoutTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html */
export const untagRole = operation({
  name: 'UntagRole',
  input: structure({ RoleName: required(roleName), TagKeys: required(tagKeys) }),
  output: structure({}),
  async handle(iam, { RoleName, TagKeys }, { account }) {
    await changeEntity(iam, roles, { account, name: RoleName }, (entity) => withoutTags(entity, TagKeys))
    return {}
  },
})
