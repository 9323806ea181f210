import type { Change, Position } from '../../engine/engine.ts'
import type { Channel, ChannelRef } from './channel.ts'

/** Where a channel begins to read one shard. */
export interface ShardStart {
  /** The shard's log in the engine. */
  readonly group: string
  readonly log: string
  readonly shardId: string
  readonly next: Position
}

/** Delivery from channels: server/ hands it over, as Kinesis knows neither delivery nor buckets. */
export interface ChannelDelivery {
  /** Joins the commit that creates the channel; `replaced` had its name before, and is gone. */
  begin(
    channel: { readonly ref: ChannelRef; readonly channel: Channel },
    starts: readonly ShardStart[],
    replaced: Channel | undefined,
  ): readonly Change[]
  /** Why nothing can be delivered to a bucket that has to be that account's; undefined: it can. */
  obstacleOf(bucket: string, expectedOwner: string): Promise<string | undefined>
}
