import type { Principal } from '../../service/principal.ts'
import { required, structure } from '../../service/shape.ts'
import { describedUser, userShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity, foundOrNone } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html */
export const getUser = operation({
  name: 'GetUser',
  input: structure({ UserName: existingUserName }),
  output: structure({ User: required(userShape) }),
  async handle(iam, input, caller) {
    const { account, principal } = caller
    if (input.UserName === undefined && principal.kind === 'root')
      // AWS tells no date that would mean anything here.
      return { User: { UserId: account, Arn: principal.arn, CreateDate: 0 } }
    const ref = requestedUser(input, caller)
    if (input.UserName === undefined && (await foundOrNone(iam, users, ref))?.id !== principal.userId)
      return { User: userOfKeyFile(ref.name, principal) }
    const { value } = await foundEntity(iam, users, ref)
    return { User: describedUser(account, value) }
  },
})

/** IAM has it not: a key file says what it may do, and not since when there is one. */
const userOfKeyFile = (UserName: string, { userId, arn }: Principal) => ({
  ...{ Path: '/', UserName, UserId: userId, Arn: arn, CreateDate: 0 },
})
