import { accountOfKey } from '../../auth/unique-id.ts'
import { isAccountId } from '../../service/arn.ts'
import { required, string, structure } from '../../service/shape.ts'
import { accessKeyId } from '../shapes.ts'
import { operation } from '../sts.ts'

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
export const getAccessKeyInfo = operation({
  name: 'GetAccessKeyInfo',
  input: structure({ AccessKeyId: required(accessKeyId) }),
  output: structure({ Account: string() }),
  // A key tells its account itself; any other is one of this server's own, as a request with it would be.
  async handle(_sts, { AccessKeyId }, { account }) {
    return { Account: isAccountId(AccessKeyId) ? AccessKeyId : (accountOfKey(AccessKeyId) ?? account) }
  },
})
