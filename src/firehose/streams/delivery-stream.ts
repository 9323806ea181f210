import { formatArn, partitionOf } from '../../service/arn.ts'
import type { ChannelSettings } from '../channel-settings.ts'
import type { BufferingHints, S3Settings } from '../destinations/s3/s3-settings.ts'

/** What is kept of a delivery stream; one document per account, region and name. */
export interface DeliveryStream {
  readonly name: string
  readonly account: string
  readonly region: string
  /** Its own for each creation, so that what a deleted one of the same name left behind is never mistaken for it. */
  readonly id: string
  readonly type: DeliveryStreamType
  /** Grows with every change of the destination; part of every object's key. */
  readonly version: number
  readonly createdAt: number
  readonly activeAt: number
  /** When the destination was last changed. */
  readonly updatedAt?: number
  /** Set by the deletion: from then on it is gone. */
  readonly goneAt?: number
  readonly source?: KinesisSource
  readonly throughputHintInMBs?: number
  readonly destination: S3Settings
  /** Hints that were in force earlier, oldest first: what was buffered under them keeps them. */
  readonly formerHints?: readonly FormerHints[]
  readonly encryption?: Encryption
  readonly tags: Readonly<Record<string, string>>
  /** Of a Kinesis channel, which is delivered from as if it were one; absent in Firehose's own. */
  readonly channel?: ChannelSettings
}

export interface FormerHints extends BufferingHints {
  /** Of the main buffer, or of the backup's. */
  readonly of: 'objects' | 'backup'
  /** In force for what arrived before. */
  readonly until: number
}

/** Server-side encryption as it was last asked for. */
export interface Encryption {
  readonly on: boolean
  readonly keyType: 'AWS_OWNED_CMK' | 'CUSTOMER_MANAGED_CMK'
  readonly keyArn?: string
  /** When it is ENABLED, or DISABLED; until then it is on its way. */
  readonly settledAt: number
}

export type DeliveryStreamType = 'DirectPut' | 'KinesisStreamAsSource'

export interface KinesisSource {
  readonly streamArn: string
  readonly roleArn: string
}

export interface DeliveryStreamName {
  readonly account: string
  readonly region: string
  readonly name: string
}

const STREAMS = 'firehose/stream/'
export const regionKeyOf = ({ account, region }: Omit<DeliveryStreamName, 'name'>) =>
  `${STREAMS}${account}/${region}/`
export const streamKeyOf = (stream: DeliveryStreamName) => regionKeyOf(stream) + stream.name
export const ALL_STREAMS = STREAMS

/** Where its document is. */
export const documentKeyOf = (stream: DeliveryStreamName & Pick<DeliveryStream, 'channel'>): string =>
  stream.channel?.documentKey ?? streamKeyOf(stream)

export const arnOf = ({
  account,
  region,
  name,
  channel,
}: DeliveryStreamName & Pick<DeliveryStream, 'channel'>): string =>
  channel?.arn ??
  formatArn({
    partition: partitionOf(region),
    service: 'firehose',
    region,
    account,
    resource: `deliverystream/${name}`,
  })

/** Undefined: it is no more. */
export function statusAt(
  { activeAt, goneAt }: DeliveryStream,
  now: number,
): 'CREATING' | 'ACTIVE' | 'DELETING' | undefined {
  if (goneAt !== undefined) return now < goneAt ? 'DELETING' : undefined
  return now < activeAt ? 'CREATING' : 'ACTIVE'
}

/** Firehose takes apart what the KPL has put together; a channel delivers what a producer has put. */
export const deAggregates = ({ source, channel }: Pick<DeliveryStream, 'source' | 'channel'>): boolean =>
  source !== undefined && !channel
