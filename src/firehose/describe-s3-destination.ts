import type { StructureOf } from '../service/shape.ts'
import type {
  extendedS3DestinationDescription,
  s3DestinationDescription,
} from './operations/s3-destination-shape.ts'
import type { S3Settings } from './s3-settings.ts'

/** The reduced form, which AWS adds beside the extended one. */
export function describePlain(settings: S3Settings): StructureOf<typeof s3DestinationDescription.members> {
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
  const { ProcessingConfiguration, DataFormatConversionConfiguration, DynamicPartitioningConfiguration } =
    settings.disabled
  return {
    ...describePlain(settings),
    ...(settings.fileExtension !== undefined && { FileExtension: settings.fileExtension }),
    ...(DataFormatConversionConfiguration && { DataFormatConversionConfiguration }),
    ProcessingConfiguration: { Enabled: false, Processors: ProcessingConfiguration?.Processors ?? [] },
    S3BackupMode: 'Disabled',
    ...(DynamicPartitioningConfiguration && {
      DynamicPartitioningConfiguration: {
        RetryOptions: { DurationInSeconds: 300 },
        ...DynamicPartitioningConfiguration,
      },
    }),
    ...(settings.customTimeZone !== undefined && { CustomTimeZone: settings.customTimeZone }),
  }
}
