import type { StructureOf } from '../../service/shape.ts'
import {
  channelDestinations,
  channelFeatureNotSupported,
  channelFormat,
  channelSchemaMissing,
  freshnessOutOfRange,
  invalidKeyTemplate,
  onlyOneOf,
} from '../exceptions/channels.ts'
import { invalidKeyId } from '../exceptions/streams.ts'
import { checkKmsKey } from '../streams/requested.ts'
import type { Channel, ChannelLogging, RecordFormat } from './channel.ts'
import { DEFAULT_KEY_TEMPLATE, flawOfTemplate } from './output-key-template.ts'
import type {
  channelEncryption,
  channelLogging,
  s3Destination,
  s3TablesDestination,
  streamConfigurationList,
} from './shapes.ts'

/** https://docs.aws.amazon.com/streams/latest/dev/data-delivery-concepts.html */
const FRESHNESS_SECONDS = { min: 300, max: 900 }
const DEFAULT_FRESHNESS_SECONDS = 300
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CloudWatchLogs.html */
const DEFAULT_LOG_STREAM = 'DestinationDelivery'

type Request = StructureOf<{
  S3DestinationConfiguration: typeof s3Destination
  S3TablesDestinationConfiguration: typeof s3TablesDestination
  StreamConfigurationList: typeof streamConfigurationList & { readonly required: true }
  EncryptionConfiguration: typeof channelEncryption
}>

/**
 * The source and the destination of a channel. Throws InvalidArgumentException unless the members fit together, then
 * refuses by name what is not delivered here.
 */
export function checkedChannel({
  S3DestinationConfiguration: s3,
  S3TablesDestinationConfiguration: tables,
  StreamConfigurationList: sources,
  EncryptionConfiguration: encryption,
}: Request) {
  if ((s3 === undefined) === (tables === undefined)) throw channelDestinations()
  const [source] = sources
  if (!source || sources.length > 1) throw onlyOneOf('StreamConfigurationList')
  if (tables && tables.S3TablesConfigurationList.length > 1) throw onlyOneOf('S3TablesConfigurationList')
  checkFreshness((s3 ?? tables)?.DataFreshnessInSeconds)
  const { RecordFormatType: format, GSRSchemaARN } = source.RecordConfiguration
  if (s3 ? format === 'GSR_JSON' : format === 'STRING' || format === 'BYTE_ARRAY')
    throw channelFormat(format, s3 ? 'general purpose buckets' : 'streaming tables')
  if (tables && GSRSchemaARN === undefined) throw channelSchemaMissing()
  if (encryption) checkKey(encryption)
  if (!s3) throw channelFeatureNotSupported('S3TablesDestinationConfiguration')
  if (GSRSchemaARN !== undefined) throw channelFeatureNotSupported('GSRSchemaARN')
  if (encryption) throw channelFeatureNotSupported('EncryptionConfiguration')
  const RecordFormatType = format as RecordFormat
  return { source: { ...source, RecordConfiguration: { RecordFormatType } }, destination: s3 }
}

/** Whoever reads the objects needs the key too, so that Kinesis's own cannot be it. */
function checkKey(encryption: { EncryptionType: string; KeyId: string }): void {
  checkKmsKey(encryption)
  if (encryption.KeyId.endsWith('alias/aws/kinesis')) throw invalidKeyId(encryption.KeyId)
}

/** Throws InvalidArgumentException for what AWS does not wait. */
export function checkFreshness(seconds: number | undefined): void {
  const { min, max } = FRESHNESS_SECONDS
  if (seconds !== undefined && (seconds < min || seconds > max)) throw freshnessOutOfRange(seconds, min, max)
}

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
