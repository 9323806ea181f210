/** What Kinesis answers when it refuses something about a stream, in AWS's words; each operation's page tells when. */
import { validationException } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'
import { inUse, invalidArgument, limitExceeded, notFound, Phrase, phrase } from './kinds.ts'

export const streamNotFound = (stream: StreamRef) => notFound(`${Phrase(stream)} not found.`)

export const streamExists = (stream: StreamRef) => inUse(`${Phrase(stream)} already exists.`)

export const streamNotActive = (stream: StreamRef, status: string) =>
  inUse(`${Phrase(stream)} not ACTIVE, instead in state ${status}`)

// AWS documents that these two are refused, not with which words.
export const neitherNameNorArn = () => invalidArgument('Either StreamName or StreamARN should be provided.')

export const nameIsNotOfArn = (streamName: string | undefined, streamArn: string) =>
  invalidArgument(
    streamName === undefined
      ? `StreamARN ${streamArn} does not name a stream.`
      : `StreamName ${streamName} and StreamARN ${streamArn} do not name the same stream.`,
  )

// AWS documents the limits, not the words.
export const tooManyStreamsCreating = (limit: number) =>
  limitExceeded(`No more than ${limit} streams of an account can be in the CREATING state at a time.`)

export const tooManyOnDemandStreams = ({ account, region }: StreamRef, limit: number) =>
  limitExceeded(
    `This request would exceed the limit of ${limit} on-demand streams for the account ${account} in ${region}.`,
  )

export const streamHasConsumers = ({ streamName }: StreamRef, arn: string) =>
  inUse(
    `DeleteStream can't delete ${arn} because there are consumers associated with this data stream. To delete ` +
      `${streamName} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      'consumers that are associated with it.',
  )

// AWS documents that the mode decides about these four, not the words.
export const shardCountMissing = () =>
  invalidArgument('ShardCount must be provided for a stream with the PROVISIONED stream mode.')

export const shardCountOnDemand = () =>
  invalidArgument('ShardCount cannot be provided for a stream with the ON_DEMAND stream mode.')

export const distributionNeedsOnDemand = () =>
  invalidArgument('RecordDistributionStrategy is only supported for the ON_DEMAND stream mode.')

export const onlyWithOnDemand = (operation: string) =>
  validationException(`${operation} is only supported for streams with the ON_DEMAND stream mode.`)

export const notWithOnDemand = (stream: StreamRef) =>
  validationException(`Request is invalid. ${Phrase(stream)} is in On-Demand mode.`)

export const onlyWithCommitment = (member: string) =>
  validationException(
    `${member} is only supported in accounts whose MinimumThroughputBillingCommitment is ENABLED. See UpdateAccountSettings.`,
  )

/** AWS documents how often, not the words. */
export const modeChangedTooOften = (stream: StreamRef, limit: number) =>
  limitExceeded(`The mode of ${phrase(stream)} cannot be changed more than ${limit} times in 24 hours.`)

/** AWS documents the limit, not the words. */
export const tooWarm = (miBps: number, limit: number) =>
  limitExceeded(`WarmThroughputMiBps can be ${limit} at most, it was ${miBps}.`)

export const encryptionTypeNotKms = () => invalidArgument('EncryptionType must be KMS.')

export const invalidKeyId = (given: string) =>
  invalidArgument(`KeyId ${given} is not an ID, ARN or alias of a KMS key.`)

export const retentionTooShort = (hours: number, minimum: number) =>
  invalidArgument(
    `Minimum allowed retention period is ${minimum} hours. Requested retention period (${hours} hours) is too short.`,
  )

export const retentionTooLong = (hours: number, maximum: number) =>
  invalidArgument(
    `Maximum allowed retention period is ${maximum} hours. Requested retention period (${hours} hours) is too long.`,
  )

export const retentionNotIncreased = ({ streamName }: StreamRef, hours: number, present: number) =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${streamName} can not be shorter than existing retention ` +
      `period (${present} hours). Use DecreaseRetentionPeriod API.`,
  )

export const retentionNotDecreased = ({ streamName }: StreamRef, hours: number, present: number) =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${streamName} can not be longer than existing retention ` +
      `period (${present} hours). Use IncreaseRetentionPeriod API.`,
  )
