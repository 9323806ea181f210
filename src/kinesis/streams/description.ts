import { endingSequenceNumberOf, parentsOf, type Shard, startingSequenceNumberOf } from '../shards/shard.ts'
import { arnOf } from '../stream-ref.ts'
import type { ListedStream } from './store.ts'
import { type Stream, type StreamStatus, statusOf } from './stream.ts'

/** A stream's members that every description of it has. The stream exists: it has a status. */
export const summarized = ({ ref, stream }: ListedStream, now: number) => ({
  StreamName: ref.streamName,
  StreamARN: arnOf(ref),
  StreamStatus: statusOf(stream, now) as StreamStatus,
  StreamModeDetails: { StreamMode: stream.mode },
  StreamCreationTimestamp: stream.createdAt,
})

export const described = (found: ListedStream, now: number) => ({
  ...summarized(found, now),
  RetentionPeriodHours: found.stream.retentionPeriodHours,
  // AWS names the absence of shard-level metrics by one empty entry.
  EnhancedMonitoring: [{ ShardLevelMetrics: [...found.stream.shardLevelMetrics] }],
  ...(found.stream.keyId === undefined
    ? { EncryptionType: 'NONE' as const }
    : { EncryptionType: 'KMS' as const, KeyId: found.stream.keyId }),
})

/** What answers about records say: AWS tells of encryption only where there is some. */
export const encryptionOf = ({ keyId }: Pick<Stream, 'keyId'>) =>
  keyId === undefined ? {} : { EncryptionType: 'KMS' as const }

const hashKeyRangeOf = ({ hashKeyRange }: Shard) => ({
  StartingHashKey: hashKeyRange.start,
  EndingHashKey: hashKeyRange.end,
})

export const describedShard = (shard: Shard) => ({
  ShardId: shard.shardId,
  ParentShardId: shard.parentShardId,
  AdjacentParentShardId: shard.adjacentParentShardId,
  HashKeyRange: hashKeyRangeOf(shard),
  SequenceNumberRange: {
    StartingSequenceNumber: startingSequenceNumberOf(shard),
    EndingSequenceNumber: endingSequenceNumberOf(shard),
  },
})

export const describedChild = (shard: Shard) => ({
  ShardId: shard.shardId,
  ParentShards: parentsOf(shard),
  HashKeyRange: hashKeyRangeOf(shard),
})

/** The shards after `shardId`, or all. */
export const shardsAfter = (shards: readonly Shard[], shardId: string | undefined): readonly Shard[] =>
  shardId === undefined ? shards : shards.filter((shard) => shard.shardId > shardId)
