import { required, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { pageEnd, paging, roleName, tags } from '../shapes.ts'
import { tagMembers } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html */
export const listRoleTags = operation({
  name: 'ListRoleTags',
  input: structure({ RoleName: required(roleName), ...paging }),
  output: structure({ Tags: required(tags), ...pageEnd }),
  async handle(iam, input, { account }) {
    const { value } = await foundEntity(iam, roles, { account, name: input.RoleName })
    const { items, rest } = pageOf(tagMembers(value), ({ Key }) => Key, input)
    return { Tags: [...items], ...rest }
  },
})
