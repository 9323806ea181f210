/** What Kinesis answers when it refuses to take in records, or to read them, in AWS's words. */
import { RETRY_AFTER, ServiceException, validationException, withHeaders } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'
import { invalidArgument, phrase } from './kinds.ts'

/** In AWS's words since records may have more than 1 MiB: without the value. */
export const recordTooLarge = (path: string, maxBytes: number) =>
  validationException(
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${maxBytes}`,
  )

export const recordsTooLarge = (maxBytes: number) =>
  invalidArgument(`Records size exceeds ${maxBytes / 2 ** 20} MB limit`)

export const invalidExplicitHashKey = (given: string) =>
  invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${given}`,
  )

export const invalidSequenceNumberForOrdering = (stream: StreamRef, given: string) =>
  invalidArgument(
    `ExclusiveMinimumSequenceNumber ${given} used in PutRecord on ${phrase(stream)} is invalid.`,
  )

export const rateExceeded = (stream: StreamRef, shardId: string) =>
  new ServiceException(
    'ProvisionedThroughputExceededException',
    `Rate exceeded for shard ${shardId} in ${phrase(stream)}.`,
  )

/** Whose operations AWS throttles by a shard's throughput; the others are limited by their calls. */
const OF_SHARDS = ['PutRecord', 'PutRecords', 'GetRecords', 'GetShardIterator']

/** More is in flight than the server has memory for. SDKs try again after both codes. */
export const throttled = (operation: string) =>
  withHeaders(
    new ServiceException(
      OF_SHARDS.includes(operation) ? 'ProvisionedThroughputExceededException' : 'LimitExceededException',
      'Rate exceeded: more is in flight than the server has memory for.',
    ),
    RETRY_AFTER,
  )

/** Not an error: what `DryRun` answers when everything is right. AWS does not document the words. */
export const dryRunSucceeded = () =>
  new ServiceException('DryRunOperationException', 'The request would have succeeded, but DryRun is set.')

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

export const sequenceNumberAtEnd = (type: string) =>
  invalidArgument(
    `Invalid SequenceNumber for ShardIteratorType ${type}, SequenceNumber has reached max possible value for the shard.`,
  )
