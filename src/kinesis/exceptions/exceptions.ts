/**
 * What Kinesis answers when it refuses, in AWS's words.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html and each operation's page.
 */
import { ServiceException, validationException } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'

export const invalidArgument = (message: string) => new ServiceException('InvalidArgumentException', message)
export const notFound = (message: string) => new ServiceException('ResourceNotFoundException', message)
export const inUse = (message: string) => new ServiceException('ResourceInUseException', message)
export const limitExceeded = (message: string) => new ServiceException('LimitExceededException', message)

/** `stream NAME under account ACCOUNT`, as AWS says it even when it was called by ARN. */
export const phrase = ({ streamName, account }: StreamRef) => `stream ${streamName} under account ${account}`
export const Phrase = (stream: StreamRef) => phrase(stream).replace('stream', 'Stream')

// Streams

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

// AWS documents the limits, not the words.
export const tooManyStreamsCreating = (limit: number) =>
  limitExceeded(`No more than ${limit} streams of an account can be in the CREATING state at a time.`)
export const tooManyOnDemandStreams = ({ account, region }: StreamRef, limit: number) =>
  limitExceeded(
    `This request would exceed the limit of ${limit} on-demand streams for the account ${account} in ${region}.`,
  )

// AWS documents that the mode decides, not the words.
export const shardCountMissing = () =>
  invalidArgument('ShardCount must be provided for a stream with the PROVISIONED stream mode.')
export const shardCountOnDemand = () =>
  invalidArgument('ShardCount cannot be provided for a stream with the ON_DEMAND stream mode.')
export const distributionNeedsOnDemand = () =>
  invalidArgument('RecordDistributionStrategy is only supported for the ON_DEMAND stream mode.')

export const tooManyTags = (stream: StreamRef, limit: number) =>
  invalidArgument(
    `Failed to add tags to ${phrase(stream)} because a given stream cannot have more than ${limit} tags associated with it.`,
  )
export const invalidTagCharacters = () =>
  invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
  )

// Shards

export const shardNotFound = (stream: StreamRef, shardId: string) =>
  notFound(`Shard ${shardId} in ${phrase(stream)} does not exist`)

/** For a text that cannot name any shard, and where nothing is read from it. */
export const shardNotResolved = (stream: StreamRef, shardId: string) =>
  notFound(`Could not find shard ${shardId} in ${phrase(stream)}.`)

// AWS documents which members go together, the words are known for the first two only.
export const neitherTokenNorStream = () =>
  invalidArgument('Either NextToken or StreamName should be provided.')
export const tokenAndStream = () => invalidArgument('NextToken and StreamName cannot be provided together.')
export const tokenAndMember = (member: string) =>
  invalidArgument(`NextToken and ${member} cannot be provided together.`)
export const invalidNextToken = () => invalidArgument('Invalid NextToken.')
export const expiredNextToken = (lifetimeMs: number) =>
  new ServiceException(
    'ExpiredNextTokenException',
    `NextToken expired. A token can be used for ${lifetimeMs} milliseconds.`,
  )
export const shardFilterNeeds = (type: string, member: string) =>
  invalidArgument(`ShardFilter of type ${type} needs the parameter ${member}.`)
export const shardFilterRefuses = (type: string, member: string) =>
  invalidArgument(`ShardFilter of type ${type} cannot be combined with the parameter ${member}.`)

// Writing

export const invalidExplicitHashKey = (given: string) =>
  invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${given}`,
  )

export const invalidSequenceNumberForOrdering = (stream: StreamRef, given: string) =>
  invalidArgument(
    `ExclusiveMinimumSequenceNumber ${given} used in PutRecord on ${phrase(stream)} is invalid.`,
  )

/** Optional in the model, and needed all the same: in the model's words. `path` is the member's, from the request on. */
export const partitionKeyMissing = (path: string) =>
  validationException(
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  )

/** In AWS's words since records may have more than 1 MiB: without the value. */
export const recordTooLarge = (path: string, maxBytes: number) =>
  validationException(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${maxBytes}`,
  )

export const recordsTooLarge = (maxBytes: number) =>
  invalidArgument(`Records size exceeds ${maxBytes / 2 ** 20} MB limit`)

export const rateExceeded = (stream: StreamRef, shardId: string) =>
  new ServiceException(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shardId} in ${phrase(stream)}.`,
  )

/** Not an error: what `DryRun` answers when everything is right. AWS does not document the words. */
export const dryRunSucceeded = () =>
  new ServiceException('DryRunOperationException', 'The request would have succeeded, but DryRun is set.')

// Reading

export const invalidShardIterator = () => invalidArgument('Invalid ShardIterator.')

/** `Thu Jan 22 01:22:02 UTC 2015` */
function javaTime(time: number): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`
}

export const expiredIterator = (createdAt: number, now: number, lifetimeMs: number) =>
  new ServiceException(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaTime(createdAt)} while right now it is ${javaTime(now)} ` +
      `which is further in the future than the tolerated delay of ${lifetimeMs} milliseconds.`,
  )

const iteratorTypeMismatch = (request: string) =>
  invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      `(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${request}`,
  )
export const sequenceNumberMissing = (type: string) =>
  iteratorTypeMismatch(`${type} and no StartingSequenceNumber.`)
export const sequenceNumberUnwanted = (type: string) =>
  iteratorTypeMismatch(`${type} and also a StartingSequenceNumber.`)

export const timestampMissing = () =>
  invalidArgument(
    'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  )
export const timestampInFuture = (timestamp: number, now: number) =>
  invalidArgument(
    'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
      `timestampInMillis: ${timestamp}, currentTimestampInMillis: ${now}`,
  )

const startingSequenceNumber = (operation: string, stream: StreamRef, shardId: string, given: string) =>
  `StartingSequenceNumber ${given} used in ${operation} on shard ${shardId} in ${phrase(stream)} is invalid`
export const invalidSequenceNumber = (operation: string, stream: StreamRef, shardId: string, given: string) =>
  invalidArgument(`${startingSequenceNumber(operation, stream, shardId, given)}.`)
export const foreignSequenceNumber = (operation: string, stream: StreamRef, shardId: string, given: string) =>
  invalidArgument(
    `${startingSequenceNumber(operation, stream, shardId, given)} because it did not come from this stream.`,
  )
export const otherShardsSequenceNumber = (shardId: string, encodedShardId: string) =>
  invalidArgument(
    `Invalid StartingSequenceNumber. It encodes ${encodedShardId}, while it was used in a call to a shard with ${shardId}`,
  )

/** AWS documents that the mode decides, not the words. */
export const onlyWithOnDemand = (operation: string) =>
  validationException(`${operation} is only supported for streams with the ON_DEMAND stream mode.`)

export const encryptionTypeNotKms = () => invalidArgument('EncryptionType must be KMS.')
export const invalidKeyId = (given: string) =>
  invalidArgument(`KeyId ${given} is not an ID, ARN or alias of a KMS key.`)

// Consumers, tags and policies

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
export const invalidResourceArn = (arn: string) =>
  invalidArgument(`${arn} is not an ARN of a stream or of a consumer.`)
export const consumerExists = (stream: StreamRef, name: string) =>
  inUse(`Consumer ${name} of ${phrase(stream)} already exists.`)
export const neitherConsumerArnNorName = () =>
  invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName should be provided.')
export const consumerArnMismatch = (arn: string) =>
  invalidArgument(`ConsumerARN ${arn} does not match the StreamARN and ConsumerName that came with it.`)
export const tooManyConsumers = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot have more than ${limit} consumers.`)
export const tooManyConsumersCreating = (limit: number) =>
  limitExceeded(`No more than ${limit} consumers of a stream can be in the CREATING state at a time.`)
export const subscribedTooOften = (consumerName: string, shardId: string) =>
  limitExceeded(`Rate exceeded for subscriptions of consumer ${consumerName} to shard ${shardId}.`)

export const policyNotFound = (arn: string) => notFound(`No resource policy found for resource ARN ${arn}`)
export const malformedPolicy = (why: string) => invalidArgument(`Policy is malformed: ${why}.`)
