import { invalidArgument, notSupportedYet } from '../../exceptions.ts'
import { checkPrefixes } from '../../prefixes/prefix.ts'
import { isTimeZone } from '../../prefixes/zoned-time.ts'
import { checkProcessing } from '../../processors/processors.ts'
import { type BufferingHints, isPartitioned, isStaged } from '../destination-settings.ts'
import { checkPartitioning } from './partitioning.ts'
import {
  configurationOf,
  DEFAULT_HINTS,
  DEFAULT_PARTITIONING_HINTS,
  describePlain,
  type PlainS3Settings,
  type S3Settings,
} from './s3-settings.ts'
import type { ExtendedS3Configuration, S3Configuration, S3Update } from './shapes.ts'

/** Of dynamic partitioning. */
const DEFAULT_RETRY_SECONDS = 300

/** Both forms: the plain one lacks only optional members. */
export type GivenS3Destination = ExtendedS3Configuration

/** The settings that a destination's configuration means, or an InvalidArgumentException. */
export function settingsOf(given: GivenS3Destination, extended: boolean, now: number): S3Settings {
  // At AWS an omitted Enabled means that the conversion is on.
  const { DataFormatConversionConfiguration: conversion, DynamicPartitioningConfiguration: partitioning } =
    given
  if (conversion && conversion.Enabled !== false) throw notSupportedYet('data format conversion')
  checkTimeZone(given)
  const isPartitioned = partitioning?.Enabled === true
  checkProcessing(given.ProcessingConfiguration, isPartitioned)
  const settings: S3Settings = {
    extended,
    ...plainSettingsOf(given, isPartitioned, now),
    ...(given.FileExtension && { fileExtension: given.FileExtension }),
    ...(given.CustomTimeZone && { customTimeZone: given.CustomTimeZone }),
    ...(given.ProcessingConfiguration && { processing: given.ProcessingConfiguration }),
    ...(partitioning && {
      dynamicPartitioning: {
        enabled: isPartitioned,
        retryInSeconds: partitioning.RetryOptions?.DurationInSeconds ?? DEFAULT_RETRY_SECONDS,
      },
    }),
    ...(given.S3BackupMode === 'Enabled' && { backup: backupOf(given, now) }),
    ...(conversion && { formatConversion: conversion }),
  }
  checkPartitioning(settings)
  return settings
}

function backupOf({ S3BackupConfiguration: given }: GivenS3Destination, now: number): PlainS3Settings {
  if (!given)
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.')
  const settings = plainSettingsOf(given, false, now)
  // AWS documents that the backup has no zero buffering without saying how it refuses it.
  if (settings.intervalInSeconds === 0)
    throw invalidArgument('BufferingHints.IntervalInSeconds must be at least 1 for S3 backup.')
  return settings
}

function plainSettingsOf(given: S3Configuration, isPartitioned: boolean, now: number): PlainS3Settings {
  if (given.EncryptionConfiguration?.KMSEncryptionConfig) throw notSupportedYet('KMSEncryptionConfig')
  checkLogging(given)
  const { Prefix: prefix, ErrorOutputPrefix: errorOutputPrefix } = given
  checkPrefixes({ prefix, errorOutputPrefix, isPartitioned }, now)
  const logging = given.CloudWatchLoggingOptions
  return {
    roleArn: given.RoleARN,
    bucketArn: given.BucketARN,
    ...(prefix !== undefined && { prefix }),
    ...(errorOutputPrefix !== undefined && { errorOutputPrefix }),
    ...hintsOf(given, isPartitioned),
    compressionFormat: given.CompressionFormat ?? 'UNCOMPRESSED',
    logging: {
      enabled: logging?.Enabled ?? false,
      ...(logging?.LogGroupName !== undefined && { group: logging.LogGroupName }),
      ...(logging?.LogStreamName !== undefined && { stream: logging.LogStreamName }),
    },
  }
}

function checkLogging({ CloudWatchLoggingOptions: logging }: S3Configuration): void {
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
function hintsOf({ BufferingHints: hints }: S3Configuration, isPartitioned: boolean): BufferingHints {
  const { SizeInMBs: sizeInMBs, IntervalInSeconds: intervalInSeconds } = hints ?? {}
  if (sizeInMBs === undefined && intervalInSeconds === undefined)
    return isPartitioned ? DEFAULT_PARTITIONING_HINTS : DEFAULT_HINTS
  if (sizeInMBs === undefined || intervalInSeconds === undefined)
    throw invalidArgument(
      'BufferingHints.SizeInMBs and BufferingHints.IntervalInSeconds must be specified together.',
    )
  return { sizeInMBs, intervalInSeconds }
}

/**
 * The settings with the given members replaced; ProcessingConfiguration is replaced as a block. Throws
 * InvalidArgumentException.
 */
export function updatedSettings(
  before: S3Settings,
  update: S3Update,
  extended: boolean,
  now: number,
): S3Settings {
  const configuration = configurationOf(before)
  const given: ExtendedS3Configuration = {
    ...configuration,
    ...definedMembersOf(update),
    ...backupAfter(before, update),
    RoleARN: update.RoleARN ?? configuration.RoleARN,
    BucketARN: update.BucketARN ?? configuration.BucketARN,
  }
  const destination = settingsOf(given, before.extended || extended, now)
  if (isPartitioned(destination) !== isPartitioned(before))
    throw invalidArgument(
      'Dynamic partitioning cannot be switched on or off for an existing delivery stream.',
    )
  if (isStaged(destination) !== isStaged(before))
    throw notSupportedYet('switching Decompression on or off for an existing delivery stream')
  if (before.backup && !destination.backup)
    throw invalidArgument('S3 backup cannot be disabled once it has been enabled.')
  return destination
}

function backupAfter(
  { backup }: Pick<S3Settings, 'backup'>,
  { S3BackupUpdate: update }: S3Update,
): Pick<ExtendedS3Configuration, 'S3BackupConfiguration'> {
  if (!update) return {}
  const given = { ...(backup && describePlain(backup)), ...definedMembersOf(update) }
  const { RoleARN, BucketARN } = given
  if (RoleARN === undefined || BucketARN === undefined)
    throw invalidArgument('S3 backup destination configuration is required when enabling S3 backup.')
  return { S3BackupConfiguration: { ...given, RoleARN, BucketARN } }
}

function definedMembersOf<T extends object>(given: T) {
  const { S3BackupUpdate: _backup, ...members } = given as T & { S3BackupUpdate?: unknown }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
}
