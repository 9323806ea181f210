import { required, structure } from '../../service/shape.ts'
import { makeAccessKey } from '../access-keys/store.ts'
import { accessKeyShape } from '../description.ts'
import { requestedUser } from '../entities/requested-user.ts'
import { operation } from '../iam.ts'
import { existingUserName } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html */
export const createAccessKey = operation({
  name: 'CreateAccessKey',
  input: structure({ UserName: existingUserName }),
  output: structure({ AccessKey: required(accessKeyShape) }),
  async handle(iam, input, caller) {
    const { accessKeyId, secretAccessKey, key } = await makeAccessKey(iam, requestedUser(input, caller))
    const { userName, createdAt } = key
    return {
      AccessKey: {
        UserName: userName,
        AccessKeyId: accessKeyId,
        Status: 'Active',
        SecretAccessKey: secretAccessKey,
        CreateDate: createdAt,
      },
    }
  },
})
