import type { Clock } from '../../clock/clock.ts'
import type { Document, MetadataStore } from '../../engine/ports/engine.ts'
import { channelNotFound } from '../exceptions/channels.ts'
import {
  type Channel,
  type ChannelRef,
  channelDocument,
  channelKeysOf,
  channelRefOf,
  parseChannelArn,
  statusOfChannel,
} from './channel.ts'

/** A channel that exists: its deletion, if there is one, is not over. */
export interface ListedChannel {
  readonly ref: ChannelRef
  readonly channel: Channel
  readonly document: Document<Channel>
}

interface Stores {
  readonly metadata: MetadataStore
  readonly clock: Clock
}

/** Those of an account and region, in the order of their names. There are as few as on-demand streams. */
export async function listChannels(
  { metadata, clock }: Stores,
  scope: Omit<ChannelRef, 'channelName'>,
  { after, limit = Number.POSITIVE_INFINITY, isWanted = () => true }: ChannelRange = {},
): Promise<ListedChannel[]> {
  const prefix = channelKeysOf(scope)
  const range = { prefix, after: after === undefined ? undefined : prefix + after, limit }
  const isShown = (channel: Channel) =>
    statusOfChannel(channel, clock.now()) !== undefined && isWanted(channel)
  const documents = await channelDocument.listWanted(metadata, range, ({ value }) => isShown(value))
  return documents.map((document) => ({
    ref: channelRefOf(document.key),
    channel: document.value,
    document,
  }))
}

interface ChannelRange {
  /** A channel's name. */
  readonly after?: string | undefined
  readonly limit?: number
  readonly isWanted?: (channel: Channel) => boolean
}

/** The channel of an ARN; rejects with ResourceNotFoundException. */
export async function findChannel(stores: Stores, arn: string): Promise<ListedChannel> {
  const asked = parseChannelArn(arn)
  const found =
    asked && (await listChannels(stores, asked)).find(({ channel }) => channel.channelId === asked.channelId)
  if (!found) throw channelNotFound(arn)
  return found
}
