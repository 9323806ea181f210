import type { StructureOf } from '../../service/shape.ts'
import { invalidKeyTemplate } from '../exceptions/channels.ts'
import type { Channel, ChannelLogging } from './channel.ts'
import { DEFAULT_KEY_TEMPLATE, flawOfTemplate } from './output-key-template.ts'
import type { channelLogging, s3Destination } from './shapes.ts'

const DEFAULT_FRESHNESS_SECONDS = 300
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CloudWatchLogs.html */
const DEFAULT_LOG_STREAM = 'DestinationDelivery'

interface Named {
  readonly channelName: string
  readonly channelId: string
}

/** A destination with its defaults. Throws InvalidArgumentException for a template that AWS refuses. */
export function destinationOf(
  {
    DataFreshnessInSeconds = DEFAULT_FRESHNESS_SECONDS,
    DeadLetterQueueS3Configuration: letters,
    StorageConfiguration: storage,
  }: StructureOf<(typeof s3Destination)['members']>,
  { channelName, channelId, streamName }: Named & { readonly streamName: string },
): Pick<Channel, 'dataFreshnessInSeconds' | 'storage' | 'deadLetterQueue'> {
  const { OutputKeyTemplate: outputKeyTemplate = DEFAULT_KEY_TEMPLATE, CompressionType } = storage
  const isCompressed = CompressionType !== 'NONE'
  const values = { channelName, channelId, streamName, time: 0, extension: '.zst', isCompressed }
  const flaw = flawOfTemplate(outputKeyTemplate, values)
  if (flaw !== undefined) throw invalidKeyTemplate(outputKeyTemplate, flaw)
  const bucket = { bucketArn: storage.BucketARN, expectedBucketOwner: storage.ExpectedBucketOwner }
  return {
    dataFreshnessInSeconds: DataFreshnessInSeconds,
    storage: {
      ...bucket,
      outputKeyTemplate,
      storageClass: storage.StorageClass ?? 'STANDARD',
      compressionType: CompressionType,
    },
    deadLetterQueue: {
      ...(letters
        ? { bucketArn: letters.BucketARN, expectedBucketOwner: letters.ExpectedBucketOwner }
        : bucket),
      errorOutputPrefix: letters?.ErrorOutputPrefix ?? `kinesis-channel/errors/${channelName}/${channelId}/`,
    },
  }
}

type Logging = StructureOf<(typeof channelLogging)['members']>

export function loggingOf(given: Logging | undefined, { channelName, channelId }: Named): ChannelLogging {
  const { Enabled = false, LogGroupName, LogStreamName } = given?.CloudWatchLogs ?? {}
  if (!Enabled) return { enabled: false }
  return {
    enabled: true,
    logGroupName: LogGroupName ?? `/aws/kinesis/${channelName}/${channelId}`,
    logStreamName: LogStreamName ?? DEFAULT_LOG_STREAM,
  }
}

export const bucketOfArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1)
