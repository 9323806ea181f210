import { list, required, string, structure } from '../../service/shape.ts'
import { roles } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageOf } from '../paging.ts'
import { pageEnd, paging, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export const listRolePolicies = operation({
  name: 'ListRolePolicies',
  input: structure({ RoleName: required(roleName), ...paging }),
  output: structure({ PolicyNames: required(list(string())), ...pageEnd }),
  async handle(iam, input, { account }) {
    const { value } = await foundEntity(iam, roles, { account, name: input.RoleName })
    const { items, rest } = pageOf(Object.keys(value.policies ?? {}), (name) => name, input)
    return { PolicyNames: [...items], ...rest }
  },
})
