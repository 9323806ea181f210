/** What Kinesis answers when it refuses to change a stream, in AWS's words; each operation's page tells when. */
import { validationException } from '../../service/exception.ts'
import type { StreamRef } from '../stream-ref.ts'
import { inUse, invalidArgument, limitExceeded, Phrase, phrase } from './exceptions.ts'

export const streamHasConsumers = ({ streamName }: StreamRef, arn: string) =>
  inUse(
    `DeleteStream can't delete ${arn} because there are consumers associated with this data stream. To delete ` +
      `${streamName} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the ` +
      'consumers that are associated with it.',
  )

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

// AWS documents how often a stream can be scaled and its mode be changed, not the words.
export const scaledTooOften = (stream: StreamRef, limit: number) =>
  limitExceeded(`${Phrase(stream)} cannot be scaled more than ${limit} times in 24 hours.`)
export const modeChangedTooOften = (stream: StreamRef, limit: number) =>
  limitExceeded(`The mode of ${phrase(stream)} cannot be changed more than ${limit} times in 24 hours.`)
export const notWithOnDemand = (stream: StreamRef) =>
  validationException(`Request is invalid. ${Phrase(stream)} is in On-Demand mode.`)
export const onlyWithCommitment = (member: string) =>
  validationException(
    `${member} is only supported in accounts whose MinimumThroughputBillingCommitment is ENABLED. See UpdateAccountSettings.`,
  )
/** AWS documents the limit, not the words. */
export const tooWarm = (miBps: number, limit: number) =>
  limitExceeded(`WarmThroughputMiBps can be ${limit} at most, it was ${miBps}.`)

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
