import type { Position } from '../../engine/engine.ts'
import type { DeliveryStream } from '../delivery-stream.ts'
import { directPutLogOf } from '../direct-put-log.ts'

/** A shard as delivery sees it. */
export interface SourceShard {
  readonly shardId: string
  /** Its log in the stream's group. */
  readonly log: string
  /** None for a shard that the stream began with. */
  readonly parentShardIds: readonly string[]
  readonly closed: boolean
  /** Of the record at a position that arrived at a time, ms since 1970. */
  sequenceNumberOf(position: Position, arrivalTime: number): string
}

export interface SourceStream {
  readonly streamName: string
  readonly group: string
  readonly shards: readonly SourceShard[]
}

/** The Kinesis streams that delivery streams read. */
export interface StreamSource {
  /** The stream with all shards that still have records, or undefined when there is none of that ARN. */
  describe(streamArn: string): Promise<SourceStream | undefined>
}

/** How far one log has been read. */
export interface LogPosition {
  readonly group: string
  readonly log: string
  /** Empty for a Direct PUT delivery stream. */
  readonly shardId: string
  readonly next: Position
  /** The end of the closed shard was read. */
  readonly done?: boolean
}

/** Reads from here on take everything that is left of a log. */
export const OLDEST: Position = 0

/** A Direct PUT delivery stream reads the one log that it fills. */
export const directPutPositions = (stream: Pick<DeliveryStream, 'id'>): LogPosition[] => [
  { ...directPutLogOf(stream), shardId: '', next: OLDEST },
]

/**
 * Which logs to read now that the stream looks like `stream`: children follow once all their parents were read
 * to the end, and a parent is forgotten once its children are being read. A shard whose parents were never read
 * was closed before the delivery stream existed.
 */
export function followShards(
  positions: readonly LogPosition[],
  { group, shards }: Omit<SourceStream, 'streamName'>,
): LogPosition[] {
  const listed = new Set(shards.map(({ shardId }) => shardId))
  const known = new Map(
    positions.filter((position) => position.group === group).map((position) => [position.shardId, position]),
  )
  const isNewStream = known.size === 0
  const isRead = (shardId: string) => known.get(shardId)?.done || !listed.has(shardId)
  for (const shard of shards) {
    if (known.has(shard.shardId)) continue
    const parents = shard.parentShardIds.filter((parent) => known.has(parent))
    const isRoot = isNewStream && shard.parentShardIds.every((parent) => !listed.has(parent))
    if (isRoot || (parents.length > 0 && parents.every(isRead)))
      known.set(shard.shardId, { group, log: shard.log, shardId: shard.shardId, next: OLDEST })
  }
  return [...known.values()].filter(({ shardId }) => {
    if (!isRead(shardId)) return true
    const children = shards.filter(({ parentShardIds }) => parentShardIds.includes(shardId))
    return (
      listed.has(shardId) && (children.length === 0 || children.some((child) => !known.has(child.shardId)))
    )
  })
}

/** Whether shards are still to come that the stream did not show yet. */
export const awaitsChildren = (positions: readonly LogPosition[]) => positions.some(({ done }) => done)
