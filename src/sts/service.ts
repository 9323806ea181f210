import { operationOf, service } from '../service/operation.ts'
import { string, structure } from '../service/shape.ts'

const operation = operationOf<object>()

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: structure({}),
  /** Whoever signs may hear it, whatever policies say. */
  accesses: () => [],
  output: structure({ UserId: string(), Account: string(), Arn: string() }),
  handle: async (_context, _input, { principal: { userId, account, arn } }) => ({
    UserId: userId,
    Account: account,
    Arn: arn,
  }),
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
