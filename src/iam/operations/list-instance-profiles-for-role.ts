import { list, required, structure } from '../../service/shape.ts'
import { instanceProfileShape } from '../description.ts'
import { roles } from '../entities/entity.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { pageEnd, paging, roleName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html */
export const listInstanceProfilesForRole = operation({
  name: 'ListInstanceProfilesForRole',
  input: structure({ RoleName: required(roleName), ...paging }),
  output: structure({ InstanceProfiles: required(list(instanceProfileShape)), ...pageEnd }),
  async handle(iam, { RoleName }, { account }) {
    await foundEntity(iam, roles, { account, name: RoleName })
    return { InstanceProfiles: [], IsTruncated: false }
  },
})
