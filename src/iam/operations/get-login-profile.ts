import { required, structure } from '../../service/shape.ts'
import { loginProfileShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { loginProfileNotFound } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html */
export const getLoginProfile = operation({
  name: 'GetLoginProfile',
  input: structure({ UserName: userName }),
  output: structure({ LoginProfile: required(loginProfileShape) }),
  async handle(iam, input, caller) {
    const { value } = await foundEntity(iam, users, requestedUser(input, caller))
    throw loginProfileNotFound(value.name)
  },
})
