/** What Kinesis answers when it refuses something about shards, in AWS's words; each operation's page tells when. */
import type { StreamRef } from '../stream-ref.ts'
import { invalidArgument, limitExceeded, notFound, Phrase, phrase } from './kinds.ts'

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
