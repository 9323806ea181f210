import { list, required, string, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { existingUserName, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html */
export const listUserPolicies = operation({
  name: 'ListUserPolicies',
  input: structure({ UserName: required(existingUserName), ...paging }),
  output: structure({ PolicyNames: required(list(string())), ...pageEnd }),
  async handle(iam, input, { account }) {
    const { value } = await foundEntity(iam, users, { account, name: input.UserName })
    const { items, rest } = pageOf(Object.keys(value.policies ?? {}), (name) => name, input)
    return { PolicyNames: [...items], ...rest }
  },
})
