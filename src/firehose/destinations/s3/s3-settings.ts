import { type CompressionFormat, compressionOf } from '../../../delivery/compressions.ts'
import type { StructureOf } from '../../../service/shape.ts'
import type { ProcessingConfiguration } from '../../processors/processor.ts'
import type { BufferingHints, DestinationSettings } from '../destination-settings.ts'
import type {
  ExtendedS3Configuration,
  extendedS3DestinationDescription,
  s3DestinationDescription,
} from './shapes.ts'

/** What a destination and its backup have in common, defaults filled in. */
export interface PlainS3Settings extends BufferingHints {
  readonly roleArn: string
  readonly bucketArn: string
  readonly prefix?: string
  readonly errorOutputPrefix?: string
  readonly compressionFormat: Exclude<CompressionFormat, 'ZSTD'>
  readonly logging: { readonly enabled: boolean; readonly group?: string; readonly stream?: string }
}

/** The settings of an S3 destination. */
export interface S3Settings extends PlainS3Settings, DestinationSettings {
  /** Made by ExtendedS3DestinationConfiguration. */
  readonly extended: boolean
  readonly fileExtension?: string
  readonly customTimeZone?: string
  readonly processing?: ProcessingConfiguration
  readonly dynamicPartitioning?: { readonly enabled: boolean; readonly retryInSeconds: number }
  /** Absent: S3BackupMode is Disabled. */
  readonly backup?: PlainS3Settings
  /** Switched off: without effect, but described as it was given. */
  readonly formatConversion?: ExtendedS3Configuration['DataFormatConversionConfiguration']
}

export const DEFAULT_HINTS: BufferingHints = { sizeInMBs: 5, intervalInSeconds: 300 }
/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-buffering-hints.html */
export const DEFAULT_PARTITIONING_HINTS: BufferingHints = { sizeInMBs: 128, intervalInSeconds: 300 }

export const bucketOf = ({ bucketArn }: Pick<S3Settings, 'bucketArn'>) =>
  bucketArn.slice(bucketArn.lastIndexOf(':') + 1)
/** An empty time zone means UTC, as an absent one does. */
export const timeZoneOf = ({ customTimeZone }: Pick<S3Settings, 'customTimeZone'>) => customTimeZone || 'UTC'
/** What the objects' names end with. */
export const extensionOf = ({
  fileExtension,
  compressionFormat,
}: Pick<S3Settings, 'fileExtension' | 'compressionFormat'>): string =>
  fileExtension ?? compressionOf(compressionFormat).extension

/** The reduced form, which AWS adds beside the extended one. */
export function describePlain(
  settings: PlainS3Settings,
): StructureOf<typeof s3DestinationDescription.members> {
  const { logging } = settings
  return {
    RoleARN: settings.roleArn,
    BucketARN: settings.bucketArn,
    ...(settings.prefix !== undefined && { Prefix: settings.prefix }),
    ...(settings.errorOutputPrefix !== undefined && { ErrorOutputPrefix: settings.errorOutputPrefix }),
    BufferingHints: { SizeInMBs: settings.sizeInMBs, IntervalInSeconds: settings.intervalInSeconds },
    CompressionFormat: settings.compressionFormat,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: {
      Enabled: logging.enabled,
      ...(logging.group !== undefined && { LogGroupName: logging.group }),
      ...(logging.stream !== undefined && { LogStreamName: logging.stream }),
    },
  }
}

export function describeExtended(
  settings: S3Settings,
): StructureOf<typeof extendedS3DestinationDescription.members> {
  const { processing, formatConversion, dynamicPartitioning, backup } = settings
  return {
    ...describePlain(settings),
    ...(settings.fileExtension !== undefined && { FileExtension: settings.fileExtension }),
    ...(formatConversion && { DataFormatConversionConfiguration: formatConversion }),
    ProcessingConfiguration: {
      Enabled: processing?.Enabled ?? false,
      Processors: processing?.Processors ?? [],
    },
    S3BackupMode: backup ? 'Enabled' : 'Disabled',
    ...(backup && { S3BackupDescription: describePlain(backup) }),
    ...(dynamicPartitioning && {
      DynamicPartitioningConfiguration: {
        RetryOptions: { DurationInSeconds: dynamicPartitioning.retryInSeconds },
        Enabled: dynamicPartitioning.enabled,
      },
    }),
    ...(settings.customTimeZone !== undefined && { CustomTimeZone: settings.customTimeZone }),
  }
}

/** The configuration that would make these settings: what an update changes. */
export function configurationOf(settings: S3Settings): ExtendedS3Configuration {
  const { S3BackupDescription, ...described } = describeExtended(settings)
  return { ...described, ...(S3BackupDescription && { S3BackupConfiguration: S3BackupDescription }) }
}
