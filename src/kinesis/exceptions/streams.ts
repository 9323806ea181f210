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

// What Kinesis answers when it refuses something about shards, in AWS's words; each operation's page tells when.

export const shardNotFound = (stream: StreamRef, shardId: string) =>
  notFound(`Shard ${shardId} in ${phrase(stream)} does not exist`)

/** For a text that cannot name any shard, and where nothing is read from it. */
export const shardNotResolved = (stream: StreamRef, shardId: string) =>
  notFound(`Could not find shard ${shardId} in ${phrase(stream)}.`)

export const shardFilterNeeds = (type: string, member: string) =>
  invalidArgument(`ShardFilter of type ${type} needs the parameter ${member}.`)

export const shardFilterRefuses = (type: string, member: string) =>
  invalidArgument(`ShardFilter of type ${type} cannot be combined with the parameter ${member}.`)

export const shardNotEligible = (stream: StreamRef, shardId: string) =>
  invalidArgument(
    `Shard ${shardId} in ${phrase(stream)} has already been merged or split, and thus is not eligible for merging or splitting.`,
  )

export const invalidSplit = (
  stream: StreamRef,
  { shardId, hashKeyRange }: { shardId: string; hashKeyRange: { start: string; end: string } },
  given: string,
) =>
  invalidArgument(
    `NewStartingHashKey ${given} used in SplitShard() on shard ${shardId} in ${phrase(stream)} is not both greater than ` +
      `one plus the shard's StartingHashKey ${hashKeyRange.start} and less than the shard's EndingHashKey ` +
      `${hashKeyRange.end}.`,
  )

export const shardsNotAdjacent = (stream: StreamRef, one: string, other: string) =>
  invalidArgument(
    `Shards ${one} and ${other} in ${phrase(stream)} are not an adjacent pair of shards eligible for merging`,
  )

export const shardLimitExceeded = (
  { account, region }: StreamRef,
  { current, limit, additional }: { current: number; limit: number; additional: number },
) =>
  limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. ` +
      `Current shard count for the account: ${current}. Limit: ${limit}. ` +
      `Number of additional shards that would have resulted from this request: ${additional}. ` +
      'Refer to the AWS Service Limits page ' +
      '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  )

const openAndTarget = (current: number, target: number) =>
  `Current open shard count: ${current} Target shard count: ${target}`

export const scaledUpTooFar = (current: number, target: number) =>
  limitExceeded(
    `UpdateShardCount cannot scale up over double your current open shard count. ${openAndTarget(current, target)}`,
  )

export const scaledDownTooFar = (current: number, target: number) =>
  limitExceeded(
    `UpdateShardCount cannot scale down below half your current open shard count. ${openAndTarget(current, target)}`,
  )

export const tooManyShards = (current: number, target: number, limit: number) =>
  limitExceeded(
    `Target shard count or number of open shards cannot be greater than ${limit}. ${openAndTarget(current, target)}`,
  )

/** AWS documents how often, not the words. */
export const scaledTooOften = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot be scaled more than ${limit} times in 24 hours.`)

// What Kinesis answers when it refuses something about a consumer, in AWS's words where they are known.

export const consumerNotFound = ({ account }: StreamRef, name: string) =>
  notFound(`Consumer ${name}, account ${account} not found.`)

export const consumerNotActive = (
  { streamName, account }: StreamRef,
  { consumerName, createdAt }: { consumerName: string; createdAt: number },
) =>
  inUse(
    `Consumer ${consumerName} with creation timestamp ${Math.floor(createdAt / 1_000)} under stream ${streamName} ` +
      `and account ${account} is not in ACTIVE status.`,
  )

/** AWS's words go on behind the colon, which are not known. */
export const subscriptionTaken = (consumerName: string) =>
  inUse(`Another active subscription exists for this consumer: ${consumerName}`)

// AWS documents when these are refused, not with which words.

export const consumerExists = (stream: StreamRef, name: string) =>
  inUse(`Consumer ${name} of ${phrase(stream)} already exists.`)

export const subscribedTooOften = (consumerName: string, shardId: string) =>
  limitExceeded(`Rate exceeded for subscriptions of consumer ${consumerName} to shard ${shardId}.`)

export const neitherConsumerArnNorName = () =>
  invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.')

export const consumerArnMismatch = (arn: string) =>
  invalidArgument(`ConsumerARN ${arn} does not match the StreamARN and ConsumerName that came with it.`)

export const tooManyConsumers = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot have more than ${limit} consumers.`)

export const tooManyConsumersCreating = (limit: number) =>
  limitExceeded(`No more than ${limit} consumers of a stream can be in the CREATING state at a time.`)

// What Kinesis answers when it refuses a tag or a policy, in AWS's words where they are known.

/** AWS documents when it is refused, not with which words. */
export const invalidResourceArn = (arn: string) =>
  invalidArgument(`${arn} is not an ARN of a stream or of a consumer.`)

export const policyNotFound = (arn: string) => notFound(`No resource policy found for resource ARN ${arn}`)

export const malformedPolicy = (why: string) => invalidArgument(`Policy is malformed: ${why}.`)

export const tooManyTags = (stream: StreamRef, limit: number) =>
  invalidArgument(
    `Failed to add tags to ${phrase(stream)} because a given stream cannot have more than ${limit} tags associated with it.`,
  )

/** In the recorded words, which do not name the colon that is taken as well. */
export const invalidTagCharacters = () =>
  invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  )
