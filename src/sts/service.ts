import { service } from '../service/operation.ts'
import { getCallerIdentity } from './get-caller-identity.ts'

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
