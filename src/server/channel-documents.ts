import type { ChannelDocuments } from '../delivery/job.ts'
import { firstCheckpointsOf } from '../delivery/progress/outlet.ts'
import { leaveRemains } from '../delivery/remains.ts'
import type { ChannelPlace } from '../firehose/channel-settings.ts'
import type { DeliveryStream } from '../firehose/streams/delivery-stream.ts'
import {
  CHANNEL_KEYS,
  type Channel,
  type ChannelRef,
  channelArnOf,
  channelKeyOf,
  channelRefOf,
} from '../kinesis/channels/channel.ts'
import { outputKeyOf } from '../kinesis/channels/output-key-template.ts'
import { flawCheckOf } from '../kinesis/channels/record-format.ts'
import { bucketOfArn } from '../kinesis/channels/settings.ts'
import type { ChannelDelivery } from '../kinesis/channels/transitions.ts'
import { parseStreamArn } from '../kinesis/stream-ref.ts'

/** AWS does not say how large an object gets before its time: here as large as Firehose's largest. */
const OBJECT_MBS = 128

const COMPRESSIONS = {
  NONE: { compressionFormat: 'UNCOMPRESSED', extension: '' },
  GZIP: { compressionFormat: 'GZIP', extension: '.gz' },
  ZSTD: { compressionFormat: 'ZSTD', extension: '.zst' },
} as const

/** AWS does not say how dead letters are named below their prefix. */
const DEAD_LETTER_NAME = '!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}'

/** Kinesis's channels, for delivery. */
export const channelDocuments: ChannelDocuments = {
  prefix: CHANNEL_KEYS,
  deliveryStreamOf: ({ key, value }) => deliveryStreamOf(channelRefOf(key), value as Channel),
}

/** Delivery, for Kinesis's channels. */
export const channelDeliveryOf = (obstacleOf: ChannelDelivery['obstacleOf']): ChannelDelivery => ({
  obstacleOf,
  begin: ({ ref, channel }, starts, replaced) => [
    ...(channel.failure === undefined ? firstCheckpointsOf(deliveryStreamOf(ref, channel), starts) : []),
    ...(replaced ? [leaveRemains({ id: replaced.channelId })] : []),
  ],
})

/** A channel as a delivery stream that reads from its stream. */
function deliveryStreamOf(ref: ChannelRef, channel: Channel): DeliveryStream {
  const { account, region, channelName } = ref
  const { channelId, serviceExecutionRoleArn: roleArn, storage, deadLetterQueue, passing } = channel
  const { streamName } = parseStreamArn(channel.streamArn)!
  const { extension, compressionFormat } = COMPRESSIONS[storage.compressionType]
  const placeOf = (
    bucket: Pick<Channel['storage'], 'bucketArn' | 'expectedBucketOwner'>,
    template: string,
    settings: Pick<ChannelPlace, 'storageClass' | 'compressionFormat'>,
  ): ChannelPlace => ({
    ...settings,
    bucket: bucketOfArn(bucket.bucketArn),
    expectedBucketOwner: bucket.expectedBucketOwner,
    keyOf: ({ id, oldestArrival: time }) =>
      outputKeyOf(template, { channelName, channelId, streamName, time, extension }, id),
  })
  return {
    ...{ name: channelName, account, region, id: channelId, version: channel.version },
    type: 'KinesisStreamAsSource',
    source: { streamArn: channel.streamArn, roleArn },
    createdAt: channel.createdAt,
    activeAt: passing?.status === 'CREATING' ? passing.endsAt : channel.createdAt,
    ...(passing?.status === 'DELETING' && { goneAt: passing.endsAt }),
    destination: {
      ...{ roleArn, bucketArn: storage.bucketArn, extended: true, compressionFormat: 'UNCOMPRESSED' },
      ...{ sizeInMBs: OBJECT_MBS, intervalInSeconds: channel.dataFreshnessInSeconds },
      logging: { enabled: channel.logging.enabled },
    },
    tags: channel.tags,
    channel: {
      ...{ id: channelId, name: channelName, streamName },
      arn: channelArnOf(ref, channel),
      failure: channel.failure,
      documentKey: channelKeyOf(ref),
      objects: placeOf(storage, storage.outputKeyTemplate, {
        storageClass: storage.storageClass,
        compressionFormat,
      }),
      deadLetters: placeOf(deadLetterQueue, deadLetterQueue.errorOutputPrefix + DEAD_LETTER_NAME, {
        storageClass: 'STANDARD',
        compressionFormat: 'UNCOMPRESSED',
      }),
      flawOf: flawCheckOf(channel.recordFormat),
    },
  }
}
