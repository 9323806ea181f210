import { string, structure } from '../../service/shape.ts'
import { operation } from '../sts.ts'

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: structure({}),
  /** Whoever signs may hear it, whatever policies say. */
  accesses: () => [],
  output: structure({ UserId: string(), Account: string(), Arn: string() }),
  async handle(_sts, _input, { principal: { userId, account, arn } }) {
    return { UserId: userId, Account: account, Arn: arn }
  },
})
