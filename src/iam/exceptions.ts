import { isEngineError } from '../engine/ports/engine.ts'
import { ServiceException } from '../service/exception.ts'

// IAM's exceptions, in AWS's words.

const noSuchEntity = (message: string) => new ServiceException('NoSuchEntity', message, 404)
const deleteConflict = (message: string) => new ServiceException('DeleteConflict', message, 409)
const limitExceeded = (message: string) => new ServiceException('LimitExceeded', message, 409)
const entityAlreadyExists = (message: string) => new ServiceException('EntityAlreadyExists', message, 409)
const invalidInput = (message: string) => new ServiceException('InvalidInput', message)
export const validationError = (message: string) => new ServiceException('ValidationError', message)

/** What an entity is called in the messages. */
export type EntityWord = 'user' | 'role'

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

export const entityNotFound = (word: EntityWord, name: string) =>
  noSuchEntity(`The ${word} with name ${name} cannot be found.`)
export const inlinePolicyNotFound = (word: EntityWord, policyName: string) =>
  noSuchEntity(`The ${word} policy with name ${policyName} cannot be found.`)
export const policyNotFound = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`)
export const policyNotAttachable = (arn: string) =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
export const versionNotFound = (arn: string, versionId: string) =>
  noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`)
export const accessKeyNotFound = (accessKeyId: string) =>
  noSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`)
export const loginProfileNotFound = (userName: string) =>
  noSuchEntity(`Login Profile for User ${userName} cannot be found.`)

export const entityExists = (word: EntityWord, name: string) =>
  entityAlreadyExists(`${capital(word)} with name ${name} already exists.`)
export const policyExists = (name: string) =>
  entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)

/** `what`: what has to be done with what hangs on it. */
export const mustFirst = (what: string) => deleteConflict(`Cannot delete entity, must ${what} first.`)
export const policyIsAttached = () => deleteConflict('Cannot delete a policy attached to entities.')
export const policyHasVersions = () =>
  deleteConflict(
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  )
export const versionIsDefault = () => deleteConflict('Cannot delete the default version of a policy.')

export const quotaExceeded = (quota: string, most: number) =>
  limitExceeded(`Cannot exceed quota for ${quota}: ${most}`)
export const tooManyVersions = () =>
  limitExceeded(
    'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  )
export const inlinePoliciesTooLong = (word: EntityWord, name: string, most: number) =>
  limitExceeded(`Maximum policy size of ${most} bytes exceeded for ${word} ${name}`)
export const tooManyTags = () => limitExceeded('The number of tags has reached the maximum limit.')

export const duplicateTags = () =>
  invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
export const reservedTag = () =>
  invalidInput('Tag keys cannot start with aws:, which is reserved for AWS internal use.')
export const invalidArn = (arn: string) => invalidInput(`ARN ${arn} is not valid.`)

export const malformedPolicyDocument = (message: string) =>
  new ServiceException('MalformedPolicyDocument', message)

/** AWS's own policies are nobody's to change. */
export const policyIsOfAws = (operation: string, arn: string) =>
  new ServiceException(
    'AccessDenied',
    `You are not authorized to perform: iam:${operation} on resource: policy ${arn}`,
    403,
  )

/** What AWS says, although the keys are good elsewhere. */
export const sessionMayNot = () =>
  new ServiceException('InvalidClientTokenId', 'The security token included in the request is invalid.', 403)
export const userNameMissing = () =>
  validationError('Must specify userName when calling with non-User credentials')
export const invalidMarker = () => validationError('Invalid Marker.')

/**
 * Of an engine's errors: so many changed one thing at once that this one did not get its turn. IAM's throttle, which the
 * SDKs ask again after; its ConcurrentModification, a 409, they do not.
 */
export const toldOf = (error: unknown): ServiceException | undefined =>
  isEngineError(error, 'Contended') ? new ServiceException('Throttling', 'Rate exceeded') : undefined
