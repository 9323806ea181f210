import type { Position } from '../../engine/ports/engine.ts'
import { isOpen, parentsOf, sequenceNumbersOf } from '../shards/shard.ts'
import { parseStreamArn } from '../stream-ref.ts'
import type { StreamStore } from './store.ts'

/** Where the records of one shard are. */
export interface SourceShard {
  readonly shardId: string
  /** The engine's log in the stream's group. */
  readonly log: string
  readonly parentShardIds: string[]
  readonly closed: boolean
  /** Of the record at a position that arrived at a time, ms since 1970. */
  sequenceNumberOf(position: Position, arrivalTime: number): string
}

/** For those who read streams from the engine without a request. */
export interface StreamSource {
  /** Undefined when there is no such stream. */
  describe(
    streamArn: string,
  ): Promise<{ streamName: string; group: string; shards: SourceShard[] } | undefined>
}

export const streamSourceOf = ({ streams }: { readonly streams: StreamStore }): StreamSource => ({
  async describe(streamArn) {
    const ref = parseStreamArn(streamArn)
    if (!ref) return undefined
    const found = await streams.find(ref)
    return (
      found && {
        streamName: ref.streamName,
        group: found.group,
        shards: found.stream.shards.map((shard) => ({
          shardId: shard.shardId,
          log: shard.shardId,
          parentShardIds: parentsOf(shard),
          closed: !isOpen(shard),
          sequenceNumberOf: sequenceNumbersOf(shard),
        })),
      }
    )
  },
})
