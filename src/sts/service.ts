import { formatArn, partitionOf } from '../service/arn.ts'
import { operationOf, service } from '../service/operation.ts'
import { string, structure } from '../service/shape.ts'

const operation = operationOf<object>()

/**
 * Whoever calls is the account's root user: Standpipe has no others.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: structure({}),
  output: structure({ UserId: string(), Account: string(), Arn: string() }),
  async handle(_context, _input, { account, region }) {
    const partition = partitionOf(region)
    const arn = formatArn({ partition, service: 'iam', region: '', account, resource: 'root' })
    return { UserId: account, Account: account, Arn: arn }
  },
})

/** https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export const stsService = service<object>({
  id: 'STS',
  signingName: 'sts',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  validation: 'none',
  operations: [getCallerIdentity],
  unsupported: [
    'AssumeRole',
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'DecodeAuthorizationMessage',
    'GetAccessKeyInfo',
    'GetDelegatedAccessToken',
    'GetFederationToken',
    'GetScopedCredentials',
    'GetSessionToken',
    'GetWebIdentityToken',
  ],
})
