import { isUtf8 } from 'node:buffer'
import type { Clock } from '../../clock/clock.ts'
import { flag, maybe, named, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Document, MetadataStore } from '../../engine/ports/engine.ts'
import { formatArn, parseArn, partitionOf } from '../../service/arn.ts'
import { isNestedDeeper, MAX_JSON_DEPTH } from '../../service/json-depth.ts'
import { channelNotFound } from '../exceptions/channels.ts'

export type ChannelStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'FAILED'

/** What names a channel: names are unique in an account and region. */
export interface ChannelRef {
  /** Twelve digits. */
  readonly account: string
  readonly region: string
  readonly channelName: string
}

/** A channel as its document keeps it, defaults filled in. */
export interface Channel {
  readonly channelId: string
  /** ms since 1970. */
  readonly createdAt: number
  /** Grows with every update. */
  readonly version: number
  readonly streamArn: string
  readonly streamCreatedAt: number
  readonly serviceExecutionRoleArn: string
  readonly recordFormat: RecordFormat
  readonly dataFreshnessInSeconds: number
  readonly storage: {
    readonly bucketArn: string
    readonly expectedBucketOwner: string
    readonly outputKeyTemplate: string
    readonly storageClass: 'STANDARD' | 'INTELLIGENT_TIERING' | 'GLACIER_IR'
    readonly compressionType: 'NONE' | 'GZIP' | 'ZSTD'
  }
  readonly deadLetterQueue: {
    readonly bucketArn: string
    readonly expectedBucketOwner: string
    readonly errorOutputPrefix: string
  }
  readonly logging: ChannelLogging
  readonly tags: Readonly<Record<string, string>>
  /** Why it could not be created: it is FAILED. */
  readonly failure?: string
  /** A state that ends by itself: in ACTIVE (or FAILED), or, after DELETING, in nothing. */
  readonly passing?: { readonly status: 'CREATING' | 'UPDATING' | 'DELETING'; readonly endsAt: number }
}

export interface ChannelLogging {
  readonly enabled: boolean
  readonly logGroupName?: string
  readonly logStreamName?: string
}

/** Where all channels lie. */
export const CHANNEL_KEYS = 'kinesis/channel/'

const logging = shape<ChannelLogging>({
  ...{ enabled: flag, logGroupName: maybe(text), logStreamName: maybe(text) },
})

export const channelDocument = document<Channel>({
  keys: CHANNEL_KEYS,
  version: 1,
  check: shape<Channel>({
    ...{ channelId: text, createdAt: number, version: number, streamArn: text, streamCreatedAt: number },
    ...{ serviceExecutionRoleArn: text, recordFormat: oneOf('JSON', 'STRING', 'BYTE_ARRAY') },
    dataFreshnessInSeconds: number,
    storage: shape<Channel['storage']>({
      ...{ bucketArn: text, expectedBucketOwner: text, outputKeyTemplate: text },
      storageClass: oneOf('STANDARD', 'INTELLIGENT_TIERING', 'GLACIER_IR'),
      compressionType: oneOf('NONE', 'GZIP', 'ZSTD'),
    }),
    deadLetterQueue: shape<Channel['deadLetterQueue']>({
      ...{ bucketArn: text, expectedBucketOwner: text, errorOutputPrefix: text },
    }),
    ...{ logging, tags: named(text), failure: maybe(text) },
    passing: maybe(
      shape<NonNullable<Channel['passing']>>({
        status: oneOf('CREATING', 'UPDATING', 'DELETING'),
        endsAt: number,
      }),
    ),
  }),
})

/** Undefined: it is gone, even if its document is still there. */
export function statusOfChannel({ passing, failure }: Channel, now: number): ChannelStatus | undefined {
  if (passing && now < passing.endsAt) return passing.status
  if (passing?.status === 'DELETING') return undefined
  return failure === undefined ? 'ACTIVE' : 'FAILED'
}

export interface ChannelChange {
  readonly dataFreshnessInSeconds?: number | undefined
  readonly logging?: ChannelLogging | undefined
}

export const updateChannel = (channel: Channel, change: ChannelChange, activeAt: number): Channel => ({
  ...channel,
  dataFreshnessInSeconds: change.dataFreshnessInSeconds ?? channel.dataFreshnessInSeconds,
  logging: change.logging ?? channel.logging,
  version: channel.version + 1,
  passing: { status: 'UPDATING', endsAt: activeAt },
})

export const deleteChannel = (channel: Channel, goneAt: number): Channel => ({
  ...channel,
  passing: { status: 'DELETING', endsAt: goneAt },
})

export const channelKeysOf = ({ account, region }: Omit<ChannelRef, 'channelName'>): string =>
  `${CHANNEL_KEYS}${account}/${region}/`

export const channelKeyOf = (ref: ChannelRef): string => channelKeysOf(ref) + ref.channelName

export function channelRefOf(key: string): ChannelRef {
  const [account = '', region = '', channelName = ''] = key.slice(CHANNEL_KEYS.length).split('/')
  return { account, region, channelName }
}

/** It names the channel by its id. */
export const channelArnOf = (
  { account, region }: Omit<ChannelRef, 'channelName'>,
  { channelId }: Pick<Channel, 'channelId'>,
): string =>
  formatArn({
    partition: partitionOf(region),
    service: 'kinesis',
    region,
    account,
    resource: `channel/${channelId}`,
  })

export function parseChannelArn(text: string) {
  const arn = parseArn(text)
  const channelId = /^channel\/([^/]+)$/.exec(arn?.resource ?? '')?.[1]
  return arn && channelId !== undefined ? { account: arn.account, region: arn.region, channelId } : undefined
}

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

/** The channel of an id. */
export async function foundOrNoChannel(
  stores: Stores,
  asked: Omit<ChannelRef, 'channelName'> & Pick<Channel, 'channelId'>,
): Promise<ListedChannel | undefined> {
  const all = await listChannels(stores, asked)
  return all.find(({ channel }) => channel.channelId === asked.channelId)
}

/** The channel of an ARN; rejects with ResourceNotFoundException. */
export async function findChannel(stores: Stores, arn: string): Promise<ListedChannel> {
  const asked = parseChannelArn(arn)
  const found = asked && (await foundOrNoChannel(stores, asked))
  if (!found) throw channelNotFound(arn)
  return found
}

export type RecordFormat = 'JSON' | 'STRING' | 'BYTE_ARRAY'

/**
 * What is wrong with a record of a format that a channel checks. AWS documents the checks, not the words.
 * https://docs.aws.amazon.com/streams/latest/dev/data-delivery-s3-about.html
 */
export function flawCheckOf(format: RecordFormat): ((data: Uint8Array) => string | undefined) | undefined {
  if (format === 'STRING')
    return (data) => (isUtf8(data) ? undefined : 'The record is not a valid UTF-8 string.')
  if (format === 'JSON')
    return (data) => (isJson(data) ? undefined : 'The record is not a valid JSON payload.')
  return undefined
}

function isJson(data: Uint8Array): boolean {
  if (!isUtf8(data) || isNestedDeeper(data, MAX_JSON_DEPTH)) return false
  try {
    JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString())
    return true
  } catch {
    return false
  }
}
