import { structure } from '../../service/shape.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { loginProfileNotFound } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html */
export const deleteLoginProfile = operation({
  name: 'DeleteLoginProfile',
  input: structure({ UserName: userName }),
  output: structure({}),
  async handle(iam, input, caller) {
    const { value } = await foundEntity(iam, users, requestedUser(input, caller))
    throw loginProfileNotFound(value.name)
  },
})
