import { checkPrefixes } from './check-prefix.ts'
import { isSupported } from './delivery/compression/compression.ts'
import { invalidArgument, notSupportedYet } from './exceptions.ts'
import type { ExtendedS3Configuration } from './operations/s3-destination-shape.ts'
import { DEFAULT_HINTS, type S3Settings } from './s3-settings.ts'
import { isTimeZone } from './time-zones.ts'

/** Both forms: the plain one lacks only optional members. */
export type GivenS3Destination = ExtendedS3Configuration

/** The settings that a destination's configuration means, or an InvalidArgumentException. */
export function settingsOf(given: GivenS3Destination, extended: boolean, now: number): S3Settings {
  refuseUnsupported(given)
  checkLogging(given)
  checkTimeZone(given)
  checkPrefixes({ prefix: given.Prefix, errorOutputPrefix: given.ErrorOutputPrefix }, now)
  const logging = given.CloudWatchLoggingOptions
  return {
    extended,
    roleArn: given.RoleARN,
    bucketArn: given.BucketARN,
    ...(given.Prefix !== undefined && { prefix: given.Prefix }),
    ...(given.ErrorOutputPrefix !== undefined && { errorOutputPrefix: given.ErrorOutputPrefix }),
    ...hintsOf(given),
    compressionFormat: compressionFormatOf(given),
    logging: {
      enabled: logging?.Enabled ?? false,
      ...(logging?.LogGroupName !== undefined && { group: logging.LogGroupName }),
      ...(logging?.LogStreamName !== undefined && { stream: logging.LogStreamName }),
    },
    ...(given.FileExtension && { fileExtension: given.FileExtension }),
    ...(given.CustomTimeZone && { customTimeZone: given.CustomTimeZone }),
    disabled: disabledOf(given),
  }
}

function disabledOf(given: GivenS3Destination): S3Settings['disabled'] {
  const { ProcessingConfiguration, DataFormatConversionConfiguration, DynamicPartitioningConfiguration } =
    given
  return {
    ...(ProcessingConfiguration && { ProcessingConfiguration }),
    ...(DataFormatConversionConfiguration && { DataFormatConversionConfiguration }),
    ...(DynamicPartitioningConfiguration && { DynamicPartitioningConfiguration }),
  }
}

/** What would change the objects is refused while it is switched on. */
function refuseUnsupported(given: GivenS3Destination): void {
  const processing = given.ProcessingConfiguration
  const processors = processing?.Processors ?? []
  if (processing?.Enabled && processors.length === 0)
    throw invalidArgument(
      'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
    )
  if (processing?.Enabled)
    throw notSupportedYet(`processors (${processors.map(({ Type }) => Type).join(', ')})`)
  if (given.DynamicPartitioningConfiguration?.Enabled) throw notSupportedYet('dynamic partitioning')
  // At AWS an omitted Enabled means that the conversion is on.
  if (given.DataFormatConversionConfiguration && given.DataFormatConversionConfiguration.Enabled !== false)
    throw notSupportedYet('data format conversion')
  if (given.S3BackupMode === 'Enabled') {
    if (!given.S3BackupConfiguration)
      throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.')
    throw notSupportedYet('S3BackupMode Enabled')
  }
  if (given.S3BackupConfiguration) throw notSupportedYet('S3BackupConfiguration')
  if (given.EncryptionConfiguration?.KMSEncryptionConfig) throw notSupportedYet('KMSEncryptionConfig')
}

function checkLogging({ CloudWatchLoggingOptions: logging }: GivenS3Destination): void {
  if (logging?.Enabled && !logging.LogGroupName)
    throw invalidArgument('CloudWatch Log Group Name is required if CloudWatch Logging is enabled')
}

function checkTimeZone({ CustomTimeZone: name }: GivenS3Destination): void {
  if (name && !isTimeZone(name))
    throw invalidArgument(
      'Provided custom time zone is not supported. Custom time zones are limited to UTC and non-3-letter IANA time zones.',
    )
}

/** AWS documents that one needs the other; the wording is ours. */
function hintsOf({ BufferingHints: hints }: GivenS3Destination) {
  const { SizeInMBs: sizeInMBs, IntervalInSeconds: intervalInSeconds } = hints ?? {}
  if (sizeInMBs === undefined && intervalInSeconds === undefined) return DEFAULT_HINTS
  if (sizeInMBs === undefined || intervalInSeconds === undefined)
    throw invalidArgument(
      'BufferingHints.SizeInMBs and BufferingHints.IntervalInSeconds must be specified together.',
    )
  return { sizeInMBs, intervalInSeconds }
}

function compressionFormatOf({ CompressionFormat: format = 'UNCOMPRESSED' }: GivenS3Destination) {
  if (!isSupported(format)) throw notSupportedYet(`CompressionFormat ${format}`)
  return format
}
