import { uniqueIdOf } from '../../auth/unique-id.ts'
import { partitionOf } from '../../service/arn.ts'
import { required, structure } from '../../service/shape.ts'
import { boundaryBegins } from '../attachments/attach.ts'
import { describedUser, userShape } from '../description.ts'
import { type User, users } from '../entities/entity.ts'
import { createEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { arn, path, tags, userName } from '../shapes.ts'
import { withTags } from '../tagging.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
export const createUser = operation({
  name: 'CreateUser',
  input: structure({ Path: path, UserName: required(userName), PermissionsBoundary: arn, Tags: tags }),
  output: structure({ User: userShape }),
  async handle(iam, input, caller) {
    const { account, region } = caller
    const { Path = '/', UserName, PermissionsBoundary: boundary, Tags = [] } = input
    const user = withTags<User>(
      {
        name: UserName,
        path: Path,
        id: uniqueIdOf('AIDA', account, iam.random),
        partition: partitionOf(region),
        createdAt: iam.clock.now(),
        ...(boundary !== undefined && { boundary }),
      },
      Tags,
    )
    await createEntity(iam, users, { account, entity: user }, () => boundaryBegins(iam, account, boundary))
    return { User: describedUser(account, user) }
  },
})
