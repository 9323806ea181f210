import { list, required, structure } from '../../service/shape.ts'
import { signingCertificateShape } from '../description.ts'
import { users } from '../entities/entity.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { foundEntity } from '../entities/store.ts'
import { operation } from '../iam.ts'
import { existingUserName, pageEnd, paging } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html */
export const listSigningCertificates = operation({
  name: 'ListSigningCertificates',
  input: structure({ UserName: existingUserName, ...paging }),
  output: structure({ Certificates: required(list(signingCertificateShape)), ...pageEnd }),
  async handle(iam, input, caller) {
    await foundEntity(iam, users, requestedUser(input, caller))
    return { Certificates: [], IsTruncated: false }
  },
})
