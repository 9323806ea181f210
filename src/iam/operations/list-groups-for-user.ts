import { list, required, structure } from '../../service/shape.ts'
import { groupShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html */
export const listGroupsForUser = operation({
  name: 'ListGroupsForUser',
  input: structure({ UserName: required(existingUserName), ...paging }),
  output: structure({ Groups: required(list(groupShape)), ...pageEnd }),
  async handle(iam, input, caller) {
    await foundEntity(iam, users, requestedUser(input, caller))
    return { Groups: [], IsTruncated: false }
  },
})
