import { list, maybe, named, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { consumer, type WithConsumers } from '../consumers/consumer.ts'
import { retentionTooLong, retentionTooShort } from '../exceptions/streams.ts'
import {
  type HashKeyRange,
  isOpen,
  type NamedBy,
  type Shard,
  shardIdOf,
  uniformHashKeyRanges,
} from '../shards/shard.ts'
import { STREAM_KEYS } from '../stream-ref.ts'
import { SHARD_LEVEL_METRICS, type ShardLevelMetric } from '../usage.ts'

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND'
export type RecordDistributionStrategy = 'AUTO' | 'USER_PARTITION_KEY'
export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING'

/** A stream as its document keeps it. Every change is a pure function from here to here. */
export interface Stream extends Retention, WithConsumers {
  /** Tells it from earlier and later streams of the same name. */
  readonly creationId: string
  /** ms since 1970. */
  readonly createdAt: number
  readonly mode: StreamMode
  /** In the order of their ids; closed ones too, until they have expired and are given back. */
  readonly shards: readonly Shard[]
  /** What named the sequence numbers of shards that were given back, the newest last, for who tells of records that were. */
  readonly former?: readonly NamedBy[]
  readonly maxRecordSizeInKiB: number
  readonly tags: Readonly<Record<string, string>>
  /** The names of the channels that deliver from it, but for those that are DELETING. */
  readonly channels?: readonly string[]
  /** The shard-level metrics that are counted. */
  readonly shardLevelMetrics: readonly ShardLevelMetric[]
  /** What its records that can be read may take at most; ours, and set by our own API. */
  readonly quotaBytes?: number
  /** The KMS key that its user named; present while records are encrypted. */
  readonly keyId?: string
  /** JSON, as it was put. */
  readonly policy?: string
  /** On-demand streams only. */
  readonly recordDistributionStrategy?: RecordDistributionStrategy
  /** What an on-demand stream is to be ready for, MiB/s. */
  readonly warmThroughputMiBps?: number
  /** When UpdateShardCount and UpdateStreamMode were last called, ms since 1970: as far as AWS's daily limits need it. */
  readonly scaledAt?: readonly number[]
  readonly modeChangedAt?: readonly number[]
  /** Under way, or due when `passing` ends. */
  readonly resharding?: Resharding
  /** A state that ends by itself when the clock reaches `endsAt`: in ACTIVE, or, after DELETING, in nothing. */
  readonly passing?: { readonly status: 'CREATING' | 'UPDATING' | 'DELETING'; readonly endsAt: number }
}

const shard = shape<Shard>({
  ...{ shardId: text, hashKeyRange: shape<HashKeyRange>({ start: text, end: text }), createdAt: number },
  ...{ parentShardId: maybe(text), adjacentParentShardId: maybe(text), numberedFromSeconds: maybe(number) },
  closed: maybe(shape<NonNullable<Shard['closed']>>({ at: number, position: number })),
})

export const streamDocument = document<Stream>({
  keys: STREAM_KEYS,
  version: 1,
  check: shape<Stream>({
    ...{ creationId: text, createdAt: number, mode: oneOf('PROVISIONED', 'ON_DEMAND') },
    former: maybe(list(shape<NamedBy>({ shardCreatedSeconds: number, shardIndex: number }))),
    ...{ shards: list(shard), maxRecordSizeInKiB: number, tags: named(text) },
    ...{ retentionPeriodHours: number, readableFrom: maybe(number) },
    ...{
      consumers: list(consumer),
      channels: maybe(list(text)),
      shardLevelMetrics: list(oneOf(...SHARD_LEVEL_METRICS)),
    },
    ...{ quotaBytes: maybe(number), keyId: maybe(text), policy: maybe(text) },
    recordDistributionStrategy: maybe(oneOf('AUTO', 'USER_PARTITION_KEY')),
    ...{
      warmThroughputMiBps: maybe(number),
      scaledAt: maybe(list(number)),
      modeChangedAt: maybe(list(number)),
    },
    resharding: maybe(shape<Resharding>({ starts: list(text) })),
    passing: maybe(
      shape<NonNullable<Stream['passing']>>({
        status: oneOf('CREATING', 'UPDATING', 'DELETING'),
        endsAt: number,
      }),
    ),
  }),
})

/**
 * What a stream's open shards are to become. It stands in the stream's document until that is so: whoever meets it can
 * go on with it, and all come to the same end.
 */
export interface Resharding {
  /** The first hash keys of the shards that will be open, rising; decimal. */
  readonly starts: readonly string[]
}

export const DEFAULT_MAX_RECORD_KIB = 1_024

/** Shards of a new on-demand stream. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const ON_DEMAND_SHARDS = 4

export interface Creation {
  readonly creationId: string
  readonly mode: StreamMode
  readonly shardCount: number
  readonly maxRecordSizeInKiB: number
  readonly tags: Readonly<Record<string, string>>
  readonly recordDistributionStrategy?: RecordDistributionStrategy
  readonly warmThroughputMiBps?: number
  readonly now: number
  /** When it becomes ACTIVE. */
  readonly activeAt: number
}

export const createStream = ({ shardCount, now, activeAt, ...rest }: Creation): Stream => ({
  ...rest,
  consumers: [],
  shardLevelMetrics: [],
  createdAt: now,
  shards: uniformHashKeyRanges(shardCount).map((hashKeyRange, index) => ({
    shardId: shardIdOf(index),
    hashKeyRange,
    createdAt: now,
  })),
  retentionPeriodHours: DEFAULT_RETENTION_HOURS,
  passing: { status: 'CREATING', endsAt: activeAt },
})

export const deleteStream = (stream: Stream, goneAt: number): Stream => ({
  ...stream,
  passing: { status: 'DELETING', endsAt: goneAt },
})

export const updating = (stream: Stream, activeAt: number): Stream => ({
  ...stream,
  passing: { status: 'UPDATING', endsAt: activeAt },
})

/** Undefined: its deletion is over and it no longer exists, even if its document still does. */
export function statusOf({ passing, resharding }: Stream, now: number): StreamStatus | undefined {
  if (!passing) return 'ACTIVE'
  if (now < passing.endsAt || resharding) return passing.status
  return passing.status === 'DELETING' ? undefined : 'ACTIVE'
}

export const openShardsOf = (stream: Stream): Shard[] => stream.shards.filter(isOpen)

/** AWS shows no shards before a stream is ACTIVE, and none that have expired. */
export const visibleShardsOf = (stream: Stream, now: number): readonly Shard[] =>
  statusOf(stream, now) === 'CREATING' ? [] : unexpired(stream, now).shards

export const shardAt = (stream: Stream, index: number): Shard | undefined =>
  stream.shards.find(({ shardId }) => shardId === shardIdOf(index))

export const childrenOf = (stream: Stream, { shardId }: Shard): Shard[] =>
  stream.shards.filter((shard) => shard.parentShardId === shardId || shard.adjacentParentShardId === shardId)

const HOUR_MS = 3_600_000

/** https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
const DEFAULT_RETENTION_HOURS = 24
const MAX_RETENTION_HOURS = 8_760

/** Throws InvalidArgumentException for a period that no stream may have. */
export function checkRetention(hours: number): void {
  if (hours < DEFAULT_RETENTION_HOURS) throw retentionTooShort(hours, DEFAULT_RETENTION_HOURS)
  if (hours > MAX_RETENTION_HOURS) throw retentionTooLong(hours, MAX_RETENTION_HOURS)
}

/** How long a stream keeps its records. */
interface Retention {
  readonly retentionPeriodHours: number
  /** ms since 1970: when the retention was made longer, what arrived before was gone already. */
  readonly readableFrom?: number
}

export const retentionMsOf = ({ retentionPeriodHours }: Retention): number => retentionPeriodHours * HOUR_MS

/** The trim horizon: what arrived before this moment (ms since 1970) can no longer be read. */
export const trimHorizonOf = (stream: Retention & { readonly createdAt: number }, now: number): number =>
  Math.max(stream.createdAt, stream.readableFrom ?? 0, now - retentionMsOf(stream))

/**
 * From when on a shard is EXPIRED, ms since 1970: it was closed for longer than its stream keeps records. Infinity while
 * it is open. https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
 */
export function expiryOf({ closed }: Shard, stream: Retention): number {
  if (!closed) return Number.POSITIVE_INFINITY
  if (closed.at < (stream.readableFrom ?? 0)) return stream.readableFrom!
  return closed.at + retentionMsOf(stream) + 1
}

/** When the next of its shards expires, or the first that is still in its document did. */
export const nextExpiryOf = (stream: Pick<Stream, 'shards'> & Retention): number =>
  stream.shards.reduce((first, shard) => Math.min(first, expiryOf(shard, stream)), Number.POSITIVE_INFINITY)

/** The stream without the shards that have expired, which nothing finds any more; the very stream when none has. */
export function unexpired(stream: Stream, now: number): Stream {
  const shards = stream.shards.filter((shard) => now < expiryOf(shard, stream))
  return shards.length === stream.shards.length ? stream : { ...stream, shards }
}
