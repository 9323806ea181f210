import { required, structure } from '../../service/shape.ts'
import { renamedKeys } from '../access-keys/store.ts'
import { entityKey, type User, users } from '../entities/entity.ts'
import { changeEntity, changeTogether } from '../entities/store.ts'
import { entityExists } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { existingUserName, path, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html */
export const updateUser = operation({
  name: 'UpdateUser',
  input: structure({ UserName: required(existingUserName), NewPath: path, NewUserName: userName }),
  output: structure({}),
  async handle(iam, input, { account }) {
    const { UserName, NewPath, NewUserName } = input
    const ref = { account, name: UserName }
    if (NewUserName === undefined || NewUserName.toLowerCase() === UserName.toLowerCase()) {
      await changeEntity(iam, users, ref, (user) => renamed(user, NewUserName, NewPath))
      return {}
    }
    await changeTogether(iam, users, ref, async (user) => {
      const put = entityKey(users, { account, name: NewUserName })
      if (await users.document.find(iam.metadata, put)) throw entityExists('user', NewUserName)
      const value = renamed(user, NewUserName, NewPath)
      const keys = await renamedKeys(iam, user, NewUserName)
      return { value: undefined, also: [{ put, value, expect: 'absent' }, ...keys] }
    })
    return {}
  },
})

const renamed = (user: User, name = user.name, path = user.path): User => ({ ...user, name, path })
