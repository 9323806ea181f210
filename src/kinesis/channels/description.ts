import type { Channel, ChannelLogging, ChannelRef } from './channel.ts'
import { channelArnOf, statusOfChannel } from './channel.ts'

const identityOf = (ref: ChannelRef, channel: Channel, now: number) => ({
  ChannelName: ref.channelName,
  ChannelARN: channelArnOf(ref, channel),
  ChannelId: channel.channelId,
  ChannelStatus: statusOfChannel(channel, now) ?? ('DELETING' as const),
  ...(statusOfChannel(channel, now) === 'FAILED' && { ChannelStatusReason: channel.failure! }),
  ChannelCreationTimestamp: channel.createdAt,
})

const sourceOf = ({ streamArn, streamCreatedAt }: Channel) => ({
  StreamARN: streamArn,
  StreamCreationTimestamp: streamCreatedAt,
})

/** As DescribeChannel answers it. */
export function describedChannel(ref: ChannelRef, channel: Channel, now: number) {
  const { storage, deadLetterQueue } = channel
  return {
    ...identityOf(ref, channel, now),
    ServiceExecutionRoleARN: channel.serviceExecutionRoleArn,
    StreamConfigurationList: [
      { ...sourceOf(channel), RecordConfiguration: { RecordFormatType: channel.recordFormat } },
    ],
    S3DestinationConfiguration: {
      DataFreshnessInSeconds: channel.dataFreshnessInSeconds,
      DeadLetterQueueS3Configuration: {
        BucketARN: deadLetterQueue.bucketArn,
        ExpectedBucketOwner: deadLetterQueue.expectedBucketOwner,
        ErrorOutputPrefix: deadLetterQueue.errorOutputPrefix,
      },
      StorageConfiguration: {
        BucketARN: storage.bucketArn,
        ExpectedBucketOwner: storage.expectedBucketOwner,
        OutputKeyTemplate: storage.outputKeyTemplate,
        StorageClass: storage.storageClass,
        CompressionType: storage.compressionType,
      },
    },
    LoggingConfiguration: { CloudWatchLogs: describedLogging(channel.logging) },
  }
}

const describedLogging = ({ enabled, logGroupName, logStreamName }: ChannelLogging) => ({
  Enabled: enabled,
  ...(logGroupName !== undefined && { LogGroupName: logGroupName }),
  ...(logStreamName !== undefined && { LogStreamName: logStreamName }),
})

/** As ListChannels answers it. */
export const summarizedChannel = (ref: ChannelRef, channel: Channel, now: number) => ({
  ...identityOf(ref, channel, now),
  ChannelDestinationType: 'S3' as const,
  Streams: [sourceOf(channel)],
})
