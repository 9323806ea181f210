import type { StructureOf } from '../../../service/shape.ts'
import type { PlainS3Settings, S3Settings } from './s3-settings.ts'
import type {
  ExtendedS3Configuration,
  extendedS3DestinationDescription,
  s3DestinationDescription,
} from './shapes.ts'

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
