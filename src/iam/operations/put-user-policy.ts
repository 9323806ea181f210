import { required, structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { withInlinePolicy } from '../entities/inline-policies.ts'
import { changeEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { checkIdentityPolicy } from '../policies/policy-document.ts'
import { existingUserName, policyName, policyText } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html */
export const putUserPolicy = operation({
  name: 'PutUserPolicy',
  input: structure({
    UserName: required(existingUserName),
    PolicyName: required(policyName),
    PolicyDocument: required(policyText),
  }),
  output: structure({}),
  async handle(iam, { UserName, PolicyName, PolicyDocument }, { account }) {
    checkIdentityPolicy(PolicyDocument)
    await changeEntity(iam, users, { account, name: UserName }, (entity) =>
      withInlinePolicy(users, entity, PolicyName, PolicyDocument),
    )
    return {}
  },
})
