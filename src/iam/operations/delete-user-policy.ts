import { required, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { withoutInlinePolicy } from '../entities/inline-policies.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, policyName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html */
export const deleteUserPolicy = operation({
  name: 'DeleteUserPolicy',
  input: structure({ UserName: required(existingUserName), PolicyName: required(policyName) }),
  output: structure({}),
  async handle(iam, { UserName, PolicyName }, { account }) {
    await changeEntity(iam, users, { account, name: UserName }, (entity) =>
      withoutInlinePolicy(users, entity, PolicyName),
    )
    return {}
  },
})
