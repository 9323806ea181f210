import { required, string, structure } from '../../service/shape.ts'
import { accessKeyDocument, accessKeyKey, lastUseDocument, lastUseKey } from '../access-keys/access-key.ts'
import { lastUseShape } from '../description.ts'
import { accessKeyNotFound } from '../exceptions.ts'
import { operation } from '../iam.ts'
import { accessKeyId } from '../shapes.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html */
export const getAccessKeyLastUsed = operation({
  name: 'GetAccessKeyLastUsed',
  input: structure({ AccessKeyId: required(accessKeyId) }),
  output: structure({ UserName: string(), AccessKeyLastUsed: lastUseShape }),
  async handle({ metadata }, { AccessKeyId }, { account }) {
    const key = await accessKeyDocument.find(metadata, accessKeyKey(AccessKeyId))
    if (key?.value.account !== account) throw accessKeyNotFound(AccessKeyId)
    const use = (await lastUseDocument.getUndamaged(metadata, lastUseKey(AccessKeyId)))?.value
    return {
      UserName: key.value.userName,
      AccessKeyLastUsed: use
        ? { LastUsedDate: use.at, ServiceName: use.service, Region: use.region }
        : { ServiceName: 'N/A', Region: 'N/A' },
    }
  },
})
