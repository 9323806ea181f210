import { formatArn, partitionOf } from '../service/arn.ts'
import type { S3Settings } from './s3-settings.ts'

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
  /** Set by the deletion: from then on it is gone. */
  readonly goneAt?: number
  readonly source?: KinesisSource
  readonly throughputHintInMBs?: number
  readonly destination: S3Settings
  readonly tags: Readonly<Record<string, string>>
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

export const arnOf = ({ account, region, name }: DeliveryStreamName): string =>
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
