import { ServiceException } from '../service/exception.ts'

// STS's exceptions, in AWS's words.

const validationError = (message: string) => new ServiceException('ValidationError', message)
const accessDenied = (message: string) => new ServiceException('AccessDenied', message, 403)

export const invalidRoleArn = (arn: string) => validationError(`${arn} is invalid`)
export const longerThanRoleAllows = () =>
  validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
export const longerThanChainAllows = () =>
  validationError(
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  )
export const tooManyPolicyArns = (most: number) =>
  validationError(
    `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
  )

export const malformedSessionPolicy = (message: string) =>
  new ServiceException('MalformedPolicyDocument', message)
export const packedPolicyTooLarge = (percent: number) =>
  new ServiceException(
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  )

export const notAuthorized = (
  principalArn: string,
  { action, resource }: { readonly action: string; readonly resource: string },
) => accessDenied(`User: ${principalArn} is not authorized to perform: ${action} on resource: ${resource}`)
export const rootMayNotAssume = () => accessDenied('Roles may not be assumed by root accounts.')
export const hasSessionAlready = (operation: string) =>
  accessDenied(`Cannot call ${operation} with session credentials`)
export const wrongMfaCode = () =>
  accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code.')
