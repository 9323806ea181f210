import { boolean, list, string, structure } from '../../service/shape.ts'
import { serviceCredentialShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { paging, userName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html */
export const listServiceSpecificCredentials = operation({
  name: 'ListServiceSpecificCredentials',
  input: structure({ UserName: userName, ServiceName: string(), AllUsers: boolean(), ...paging }),
  output: structure({
    ServiceSpecificCredentials: list(serviceCredentialShape),
    Marker: string(),
    IsTruncated: boolean(),
  }),
  async handle(iam, input, caller) {
    if (input.AllUsers !== true) await foundEntity(iam, users, requestedUser(input, caller))
    return { ServiceSpecificCredentials: [], IsTruncated: false }
  },
})
