import type { Clock } from '../../clock/clock.ts'
import type { Change, LogStore, MetadataStore, Position } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import {
  channelExists,
  channelNotActive,
  managedKeyWithChannel,
  tooManyChannels,
} from '../exceptions/channels.ts'
import { onlyWithOnDemand, streamNotActive, streamNotFound } from '../exceptions/streams.ts'
import { QUOTAS } from '../limits/quotas.ts'
import { groupOf, keyOf, parseStreamArn, type StreamRef } from '../stream-ref.ts'
import { openShardsOf, type Stream, statusOf, streamDocument } from '../streams/stream.ts'
import {
  type Channel,
  type ChannelChange,
  type ChannelRef,
  channelDocument,
  channelKeyOf,
  deleteChannel,
  findChannel,
  type ListedChannel,
  statusOfChannel,
  updateChannel,
} from './channel.ts'

const MANAGED_KEY = 'alias/aws/kinesis'

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

/** What changes of channels work with. */
interface Changing {
  readonly metadata: MetadataStore
  readonly clock: Clock
  /** How long a channel is UPDATING or DELETING, in ms of clock time. */
  readonly stateDelayMs: number
}

interface Opening {
  readonly logs: LogStore
  readonly metadata: MetadataStore
  readonly clock: Clock
  readonly channels: ChannelDelivery
  readonly limits: 'aws' | 'off'
}

/** Makes the channel of a stream that `make` describes, with the place where its delivery begins, in one commit. */
export async function openChannel(
  ports: Opening,
  ref: ChannelRef,
  source: StreamRef,
  make: (stream: Stream) => Channel,
): Promise<Channel> {
  const { metadata, clock, channels, limits } = ports
  return await untilCommitted(async () => {
    const stream = await streamDocument.get(metadata, keyOf(source))
    if (!stream) throw streamNotFound(source)
    checkSource(source, stream.value, clock.now())
    const before = await channelDocument.get(metadata, channelKeyOf(ref))
    if (before && statusOfChannel(before.value, clock.now()) !== undefined) throw channelExists(ref)
    const present = stream.value.channels ?? []
    if (limits === 'aws' && present.length >= QUOTAS.channelsToBuckets)
      throw tooManyChannels(source, QUOTAS.channelsToBuckets)
    const channel = make(stream.value)
    const starts = await startsOf(ports, source, stream.value, channel)
    await metadata.commit([
      { put: channelKeyOf(ref), value: channel, expect: before?.revision ?? 'absent' },
      withChannels(stream, [...present, ref.channelName]),
      ...channels.begin({ ref, channel }, starts, before?.value),
    ])
    return channel
  })
}

function checkSource(ref: StreamRef, stream: Stream, now: number): void {
  const status = statusOf(stream, now)
  if (status === undefined) throw streamNotFound(ref)
  if (status !== 'ACTIVE') throw streamNotActive(ref, status)
  if (stream.mode !== 'ON_DEMAND') throw onlyWithOnDemand('CreateChannel')
  if (stream.keyId?.endsWith(MANAGED_KEY)) throw managedKeyWithChannel(ref)
}

/** Only what is put after the channel became ACTIVE is delivered. */
const startsOf = (
  { logs }: Pick<Opening, 'logs'>,
  ref: StreamRef,
  stream: Stream,
  { passing, createdAt }: Channel,
): Promise<ShardStart[]> =>
  Promise.all(
    openShardsOf(stream).map(async ({ shardId }) => {
      const id = { group: groupOf(ref, stream.creationId), log: shardId }
      const newest = await logs.seek(id, 'newest')
      const active = await logs.seek(id, { time: passing?.endsAt ?? createdAt })
      return { ...id, shardId, next: Math.max(newest, active) }
    }),
  )

const withChannels = (
  { key, value, revision }: { readonly key: string; readonly value: Stream; readonly revision: number },
  channels: readonly string[],
) => ({ put: key, value: { ...value, channels }, expect: revision })

/** Its stream is free of it from now on; what it did not deliver it never will. */
export async function closeChannel(ports: Changing, arn: string): Promise<void> {
  const { metadata, clock, stateDelayMs } = ports
  await untilCommitted(async () => {
    const found = await findChannel(ports, arn)
    const { channel, document, ref } = found
    checkSettled(found, clock.now(), ['ACTIVE', 'FAILED'])
    const stream = await streamDocument.get(metadata, keyOf(parseStreamArn(channel.streamArn)!))
    const rest = stream?.value.channels?.filter((name) => name !== ref.channelName)
    await metadata.commit([
      {
        put: document.key,
        value: deleteChannel(channel, Math.floor(clock.now()) + stateDelayMs),
        expect: document.revision,
      },
      ...(stream && rest ? [withChannels(stream, rest)] : []),
    ])
  })
}

/** Makes of the channel what `decide` wants; rejects with what that throws, or when the channel is not ACTIVE. */
export async function changeChannel(
  ports: Changing,
  arn: string,
  decide: (found: ListedChannel) => ChannelChange,
): Promise<ListedChannel> {
  const { metadata, clock, stateDelayMs } = ports
  return await untilCommitted(async () => {
    const found = await findChannel(ports, arn)
    checkSettled(found, clock.now(), ['ACTIVE'])
    const { document } = found
    const channel = updateChannel(found.channel, decide(found), Math.floor(clock.now()) + stateDelayMs)
    await metadata.commit([{ put: document.key, value: channel, expect: document.revision }])
    return { ...found, channel }
  })
}

/** Throws ResourceInUseException unless the channel is in one of these states. */
function checkSettled(
  { ref, channel }: ListedChannel,
  now: number,
  allowed: readonly ('ACTIVE' | 'FAILED')[],
): void {
  const status = statusOfChannel(channel, now)
  if (!allowed.some((one) => one === status)) throw channelNotActive(ref, String(status))
}
