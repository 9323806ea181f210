import { list, required, structure } from '../../service/shape.ts'
import { listedUser, userShape } from '../description.ts'
import { prefixOf, users } from '../entities/entity.ts'
import { operation } from '../iam.ts'
import { pageOfDocuments } from '../paging.ts'
import { pageEnd, paging, pathPrefix } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export const listUsers = operation({
  name: 'ListUsers',
  input: structure({ PathPrefix: pathPrefix, ...paging }),
  output: structure({ Users: required(list(userShape)), ...pageEnd }),
  async handle({ metadata }, input, { account }) {
    const { PathPrefix = '/' } = input
    const of = { kind: users.document, metadata, prefix: prefixOf(users, account) }
    const { items, rest } = await pageOfDocuments(of, input, ({ path }) => path.startsWith(PathPrefix))
    return { Users: items.map((item) => listedUser(account, item)), ...rest }
  },
})
