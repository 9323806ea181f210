import { required, structure } from '../../service/shape.ts'
import { deletedWith } from '../attachments/attach.ts'
import { users } from '../entities/entity.ts'
import { changeTogether } from '../entities/store.ts'
import { mustFirst } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { existingUserName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html */
export const deleteUser = operation({
  name: 'DeleteUser',
  input: structure({ UserName: required(existingUserName) }),
  output: structure({}),
  async handle(iam, { UserName }, { account }) {
    await changeTogether(iam, users, { account, name: UserName }, async (user) => {
      if ((user.accessKeys ?? []).length > 0) throw mustFirst('remove access keys')
      return { value: undefined, also: await deletedWith(iam, account, user) }
    })
    return {}
  },
})
