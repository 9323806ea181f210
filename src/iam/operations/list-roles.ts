import { list, required, structure } from '../../service/shape.ts'
import { listedRole, roleShape } from '../description.ts'
import { prefixOf, roles } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { pageOfDocuments } from '../paging.ts'
import { pageEnd, paging, pathPrefix } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export const listRoles = operation({
  name: 'ListRoles',
  input: structure({ PathPrefix: pathPrefix, ...paging }),
  output: structure({ Roles: required(list(roleShape)), ...pageEnd }),
  async handle({ metadata }, input, { account }) {
    const { PathPrefix = '/' } = input
    const of = { kind: roles.document, metadata, prefix: prefixOf(roles, account) }
    const { items, rest } = await pageOfDocuments(of, input, ({ path }) => path.startsWith(PathPrefix))
    return { Roles: items.map((item) => listedRole(account, item)), ...rest }
  },
})
