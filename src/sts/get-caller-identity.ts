import { formatArn, partitionOf } from '../service/arn.ts'
import { operationOf } from '../service/operation.ts'
import { string, structure } from '../service/shape.ts'

const operation = operationOf<object>()

/**
 * Whoever calls is the account's root user: Standpipe has no others.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: structure({}),
  output: structure({ UserId: string(), Account: string(), Arn: string() }),
  async handle(_context, _input, { account, region }) {
    const partition = partitionOf(region)
    const arn = formatArn({ partition, service: 'iam', region: '', account, resource: 'root' })
    return { UserId: account, Account: account, Arn: arn }
  },
})
