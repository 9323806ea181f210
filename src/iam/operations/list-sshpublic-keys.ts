import { list, structure } from '../../service/shape.ts'
import { sshPublicKeyShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageEnd, paging, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html */
export const listSSHPublicKeys = operation({
  name: 'ListSSHPublicKeys',
  input: structure({ UserName: userName, ...paging }),
  output: structure({ SSHPublicKeys: list(sshPublicKeyShape), ...pageEnd }),
  async handle(iam, input, caller) {
    await foundEntity(iam, users, requestedUser(input, caller))
    return { SSHPublicKeys: [], IsTruncated: false }
  },
})
