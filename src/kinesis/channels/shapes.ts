import {
  boolean,
  integer,
  list,
  map,
  oneOf,
  required,
  string,
  structure,
  timestamp,
} from '../../service/shape.ts'
import { keyId, streamArn, tagKey } from '../shapes.ts'
import {
  type Channel,
  type ChannelLogging,
  type ChannelRef,
  channelArnOf,
  statusOfChannel,
} from './channel.ts'

/** Shapes of the channel operations, with the constraints of https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Types.html */
const MANY = { min: 1, max: 10_000 }

export const channelName = string({ min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' })
export const channelArn = string({ min: 1, max: 2_048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:channel/\\S+' })
/** Unlike those of a stream they may be none. */
export const channelTags = map(tagKey, string({ min: 0, max: 256 }), { max: 200 })
export const roleArn = string({
  min: 1,
  max: 512,
  pattern: 'arn:aws[-a-z0-9]*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
})
const dataFreshnessInSeconds = integer()
const bucketArn = string({ min: 1, max: 2_048, pattern: 'arn:aws[-a-z0-9]*:s3:::[a-z0-9._-]{3,63}' })
const accountId = string({ min: 12, max: 12, pattern: '\\d{12}' })

const deadLetterQueue = structure({
  BucketARN: required(bucketArn),
  ExpectedBucketOwner: required(accountId),
  ErrorOutputPrefix: string({ min: 1, max: 512, pattern: "[0-9A-Za-z!\\-_'.*()\\/]+" }),
})

const s3Storage = structure({
  BucketARN: required(bucketArn),
  ExpectedBucketOwner: required(accountId),
  OutputKeyTemplate: string({ min: 1, max: 1_024, pattern: "[0-9A-Za-z!\\-_'.*()\\/=:{}]+" }),
  StorageClass: oneOf('STANDARD', 'INTELLIGENT_TIERING', 'GLACIER_IR'),
  CompressionType: required(oneOf('NONE', 'GZIP', 'ZSTD')),
})

const tableName = string({ min: 1, max: 255, pattern: '[0-9a-z_]+' })
const s3Tables = list(
  structure({
    TableBucketARN: required(
      string({
        min: 1,
        max: 2_048,
        pattern: 'arn:aws[-a-z0-9]*:s3tables:[-a-z0-9]+:\\d{12}:bucket/[a-z0-9_-]{3,63}',
      }),
    ),
    Namespace: required(tableName),
    TableName: required(tableName),
    CompressionType: required(oneOf('NONE', 'ZSTD', 'SNAPPY')),
    PartitionSpec: structure({
      PartitionFields: required(
        list(
          structure({
            Transform: required(oneOf('TIME_HOUR')),
            // JavaScript's `u` flag refuses the escaped underscore.
            SourceName: required(
              string({ min: 1, max: 255, pattern: '[a-zA-Z0-9\\.\\_]+', accepts: /^[a-zA-Z0-9._]+$/ }),
            ),
          }),
        ),
      ),
    }),
  }),
  MANY,
)

const recordConfiguration = structure({
  RecordFormatType: required(oneOf('GSR_JSON', 'JSON', 'STRING', 'BYTE_ARRAY')),
  GSRSchemaARN: string({
    min: 1,
    max: 512,
    pattern: 'arn:aws[-a-z0-9]*:glue:[-a-z0-9]+:\\d{12}:schema/[-a-zA-Z0-9_$#.]+/[-a-zA-Z0-9_$#.]+',
  }),
})

export const streamConfigurationList = list(
  structure({ StreamARN: required(streamArn), RecordConfiguration: required(recordConfiguration) }),
  MANY,
)
export const s3Destination = structure({
  DataFreshnessInSeconds: dataFreshnessInSeconds,
  DeadLetterQueueS3Configuration: deadLetterQueue,
  StorageConfiguration: required(s3Storage),
})
export const s3TablesDestination = structure({
  DataFreshnessInSeconds: dataFreshnessInSeconds,
  DeadLetterQueueS3Configuration: required(deadLetterQueue),
  S3TablesConfigurationList: required(s3Tables),
})
/** All that can be changed of either destination. */
export const destinationUpdate = structure({ DataFreshnessInSeconds: required(dataFreshnessInSeconds) })
export const channelEncryption = structure({ EncryptionType: required(oneOf('KMS')), KeyId: required(keyId) })
export const channelLogging = structure({
  CloudWatchLogs: required(
    structure({
      Enabled: required(boolean()),
      LogGroupName: string({ min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' }),
      LogStreamName: string({ min: 1, max: 512, pattern: '[^:*]*' }),
    }),
  ),
})

export const streamFilter = list(
  structure({ StreamARN: required(streamArn), StreamCreationTimestamp: timestamp() }),
  MANY,
)

const identity = {
  ChannelName: required(channelName),
  ChannelARN: required(channelArn),
  ChannelId: required(string({ min: 1, max: 64 })),
  ChannelStatus: required(oneOf('CREATING', 'ACTIVE', 'UPDATING', 'DELETING', 'FAILED')),
  ChannelStatusReason: string({ min: 1, max: 2_048 }),
  ChannelCreationTimestamp: required(timestamp()),
}
const sourceStream = { StreamARN: required(streamArn), StreamCreationTimestamp: required(timestamp()) }

export const channelDescription = structure({
  ...identity,
  ServiceExecutionRoleARN: required(roleArn),
  StreamConfigurationList: required(
    list(structure({ ...sourceStream, RecordConfiguration: required(recordConfiguration) }), MANY),
  ),
  S3DestinationConfiguration: structure({
    DataFreshnessInSeconds: required(dataFreshnessInSeconds),
    DeadLetterQueueS3Configuration: required(deadLetterQueue),
    StorageConfiguration: required(s3Storage),
  }),
  S3TablesDestinationConfiguration: structure({
    DataFreshnessInSeconds: required(dataFreshnessInSeconds),
    DeadLetterQueueS3Configuration: required(deadLetterQueue),
    S3TablesConfigurationList: required(s3Tables),
  }),
  EncryptionConfiguration: channelEncryption,
  LoggingConfiguration: required(channelLogging),
})

export const channelSummary = structure({
  ...identity,
  ChannelDestinationType: required(oneOf('S3', 'S3_TABLES')),
  Streams: required(list(structure(sourceStream), MANY)),
})

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
