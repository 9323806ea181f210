import { isEngineError } from '../engine/ports/engine.ts'
import { RETRY_AFTER, ServiceException, withHeaders } from '../service/exception.ts'

/** Modelled errors: https://docs.aws.amazon.com/firehose/latest/APIReference/CommonErrors.html and each operation's page. */

export const invalidArgument = (message: string) => new ServiceException('InvalidArgumentException', message)

/** A setting that AWS has and Standpipe has not (yet): refused by name. */
export const notSupportedYet = (setting: string) =>
  invalidArgument(`Standpipe does not support ${setting}. See COMPATIBILITY.md.`)

/** AWS's wording, with its slip. */
export const invalidPrefix = (constraint: string) =>
  invalidArgument(`Ths supplied prefix(es) do not satisfy the following constraint: ${constraint}`)

export const roleNotAssumable = (roleArn: string) =>
  invalidArgument(`Firehose is unable to assume role ${roleArn}. Please check the role provided.`)

export const deliveryStreamNotFound = (name: string, account: string) =>
  new ServiceException('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`)

export const deliveryStreamExists = (name: string, account: string) =>
  new ServiceException('ResourceInUseException', `Firehose ${name} under accountId ${account} already exists`)

/** AWS refuses to delete what is being created; the wording is ours. */
export const deliveryStreamInUse = (name: string, account: string, status: string) =>
  new ServiceException('ResourceInUseException', `Firehose ${name} under accountId ${account} is ${status}`)

export const sourceStreamNotFound = (streamName: string, account: string) =>
  new ServiceException(
    'ResourceNotFoundException',
    `Stream ${streamName} under account ${account} not found.`,
  )

/** AWS's wording is not documented; this one is ours. */
export const tooManyTags = (name: string, quota: number) =>
  new ServiceException('LimitExceededException', `Firehose ${name} cannot have more than ${quota} tags`)

export const versionMismatch = (name: string, current: number, specified: string) =>
  new ServiceException(
    'ConcurrentModificationException',
    `Cannot update firehose: ${name} since the current version id: ${current} and specified version id: ${specified} do not match`,
  )

/** Nowhere to keep it. */
export const unavailable = () =>
  new ServiceException(SLOW_DOWN.code, 'The service is unavailable. Back off and retry the operation.', 503)

export const SLOW_DOWN = { code: 'ServiceUnavailableException', message: 'Slow down.' } as const

/** Too much at once, or, for a `cause`, more than the disk can take now; SDKs try again. */
export const slowDown = (cause?: unknown): ServiceException =>
  Object.assign(new ServiceException(SLOW_DOWN.code, SLOW_DOWN.message, 503), { cause })

/** More is in flight than the server has memory for. */
export const throttled = () => withHeaders(slowDown(), RETRY_AFTER)

/** Ours, in the code that AWS documents for puts; SDKs try again, and what is delivered meanwhile makes room. */
export const bufferQuotaMet = (sentence: string): ServiceException => {
  const message = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`
  return Object.assign(new ServiceException(SLOW_DOWN.code, message, 503), { cause: 'quota' })
}

export const isThrottle = (failure: unknown): boolean =>
  failure instanceof ServiceException && failure.code === SLOW_DOWN.code && failure.cause === undefined

/** Answers Standpipe's own `deliver`: what the destination said. */
export const deliveryFailed = (name: string, reason: string) =>
  new ServiceException('DeliveryFailed', `The delivery of ${name} failed and will be retried: ${reason}`, 502)

/** Of an engine's errors: so many changed one thing at once that this one did not get its turn. The SDKs ask again. */
export const toldOf = (error: unknown): ServiceException | undefined =>
  isEngineError(error, 'Contended') ? new ServiceException('ThrottlingException', 'Rate exceeded') : undefined
