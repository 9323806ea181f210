import { required, structure } from '../../service/shape.ts'
import { deletedWith } from '../attachments/attach.ts'
import { roles } from '../entities/entity.ts'
import { changeTogether } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
export const deleteRole = operation({
  name: 'DeleteRole',
  input: structure({ RoleName: required(roleName) }),
  output: structure({}),
  async handle(iam, { RoleName }, { account }) {
    await changeTogether(iam, roles, { account, name: RoleName }, async (role) => ({
      value: undefined,
      also: await deletedWith(iam, account, role),
    }))
    return {}
  },
})
