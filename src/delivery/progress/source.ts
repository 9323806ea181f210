import type { Position } from '../../engine/ports/engine.ts'
import { type LogPosition, OLDEST } from '../reading/log-range.ts'

/** A shard as delivery sees it. */
export interface SourceShard {
  /** Sorts behind those of all shards that are older. */
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
  /** How long it keeps a record from its arrival on, ms. */
  readonly retentionMs: number
  readonly shards: readonly SourceShard[]
  /** Shards that have none any more, as far as it is known what their records were called. */
  readonly former?: readonly Named[]
}

type Named = Pick<SourceShard, 'shardId' | 'log' | 'sequenceNumberOf'>

/** The shard that had a log, if anything is known of it. */
export const shardOfLog = ({ shards, former = [] }: SourceStream, log: string): Named | undefined =>
  [...shards, ...former].find((shard) => shard.log === log)

/** The streams that jobs read. */
export interface StreamSource {
  /**
   * The stream with all shards that still have records, the oldest first, or undefined when there is none of that ARN.
   * Whoever is shown a closed shard is shown its children too.
   */
  describe(streamArn: string): Promise<SourceStream | undefined>
}

/**
 * Which logs to read now that the stream looks like `stream`. A shard is known from the moment it is seen until it
 * was read to its end and its children are known: so one that is not known was closed before the job
 * existed or is finished, unless it is newer than all that are known. It is read when none of its parents is left to
 * be read, be they known or long forgotten. Former versions remembered shards from their turn on only: those that
 * descend from a known one are still to come.
 */
export function followShards(
  positions: readonly LogPosition[],
  { group, shards }: Pick<SourceStream, 'group' | 'shards'>,
): LogPosition[] {
  const own = positions.filter((position) => position.group === group)
  const newest = newestOf(own)
  const known = new Map(own.map((position) => [position.shardId, position]))
  for (const { shardId, log, parentShardIds } of shards) {
    if (known.has(shardId)) continue
    if (newest !== undefined && shardId < newest && !parentShardIds.some((parent) => known.has(parent)))
      continue
    known.set(shardId, { group, log, shardId, next: OLDEST, waitsFor: parentShardIds })
  }
  const listed = new Set(shards.map(({ shardId }) => shardId))
  const parents = new Set(shards.flatMap(({ parentShardIds }) => parentShardIds))
  const isFinished = ({ shardId, done }: LogPosition) =>
    done && (parents.has(shardId) || !listed.has(shardId))
  const isLeft = (shardId: string) => known.has(shardId) && !known.get(shardId)!.done
  return [...known.values()].filter((position) => !isFinished(position)).map(takeTurn)

  function takeTurn({ waitsFor, ...position }: LogPosition): LogPosition {
    const left = waitsFor?.filter(isLeft) ?? []
    return left.length > 0 ? { ...position, waitsFor: left } : position
  }
}

const newestOf = (positions: readonly LogPosition[]): string | undefined =>
  positions.reduce<string | undefined>(
    (newest, { shardId }) => (newest === undefined || shardId > newest ? shardId : newest),
    undefined,
  )

/** Whether shards are still to come that the stream did not show yet. */
export const awaitsChildren = (positions: readonly LogPosition[]) => positions.some(({ done }) => done)
