import { required, string, structure } from '../../service/shape.ts'
import { encodedDocument } from '../description.ts'
import { users } from '../entities/entity.ts'
import { inlinePolicyOf } from '../entities/inline-policies.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, policyName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html */
export const getUserPolicy = operation({
  name: 'GetUserPolicy',
  input: structure({ UserName: required(existingUserName), PolicyName: required(policyName) }),
  output: structure({
    UserName: required(string()),
    PolicyName: required(string()),
    PolicyDocument: required(string()),
  }),
  async handle(iam, { UserName, PolicyName }, { account }) {
    const { value } = await foundEntity(iam, users, { account, name: UserName })
    const document = inlinePolicyOf(users, value, PolicyName)
    return { UserName: value.name, PolicyName, PolicyDocument: encodedDocument(document) }
  },
})
