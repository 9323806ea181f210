import { service } from '../service/operation.ts'
import { assumeRole } from './operations/assume-role.ts'
import { getAccessKeyInfo } from './operations/get-access-key-info.ts'
import { getCallerIdentity } from './operations/get-caller-identity.ts'
import { getSessionToken } from './operations/get-session-token.ts'
import type { Sts } from './sts.ts'

/** https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html */
export const stsService = service<Sts>({
  id: 'STS',
  signingName: 'sts',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  validation: 'coral',
  operations: [assumeRole, getAccessKeyInfo, getCallerIdentity, getSessionToken],
  unsupported: [
    'AssumeRoleWithSAML',
    'AssumeRoleWithWebIdentity',
    'AssumeRoot',
    'DecodeAuthorizationMessage',
    'GetDelegatedAccessToken',
    'GetFederationToken',
    'GetScopedCredentials',
    'GetWebIdentityToken',
  ],
})
