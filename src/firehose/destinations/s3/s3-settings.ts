import { type CompressionFormat, compressionOf } from '../../../delivery/compressions/compressions.ts'
import { isProcessed } from '../../processors/processors.ts'
import type { ProcessingConfiguration } from '../../processors/shapes.ts'
import type { ExtendedS3Configuration } from './shapes.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
export interface BufferingHints {
  readonly sizeInMBs: number
  readonly intervalInSeconds: number
}

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
export interface S3Settings extends PlainS3Settings {
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

export interface FormerHints extends BufferingHints {
  /** Of the main buffer, or of the backup's. */
  readonly of: 'objects' | 'backup'
  /** In force for what arrived before. */
  readonly until: number
}

export const DEFAULT_HINTS: BufferingHints = { sizeInMBs: 5, intervalInSeconds: 300 }
/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-buffering-hints.html */
export const DEFAULT_PARTITIONING_HINTS: BufferingHints = { sizeInMBs: 128, intervalInSeconds: 300 }

export const isPartitioned = ({ dynamicPartitioning }: Pick<S3Settings, 'dynamicPartitioning'>): boolean =>
  dynamicPartitioning?.enabled === true
/** Records are transformed and kept again before they are delivered, because each goes its own way. */
export const isStaged = (settings: S3Settings): boolean => isPartitioned(settings) || isProcessed(settings)
export const bucketOf = ({ bucketArn }: Pick<S3Settings, 'bucketArn'>) =>
  bucketArn.slice(bucketArn.lastIndexOf(':') + 1)
export const sizeBytesOf = ({ sizeInMBs }: Pick<BufferingHints, 'sizeInMBs'>) => sizeInMBs * 2 ** 20
export const intervalMsOf = ({ intervalInSeconds }: Pick<BufferingHints, 'intervalInSeconds'>) =>
  intervalInSeconds * 1000
/** An empty time zone means UTC, as an absent one does. */
export const timeZoneOf = ({ customTimeZone }: Pick<S3Settings, 'customTimeZone'>) => customTimeZone || 'UTC'
/** What the objects' names end with. */
export const extensionOf = ({
  fileExtension,
  compressionFormat,
}: Pick<S3Settings, 'fileExtension' | 'compressionFormat'>): string =>
  fileExtension ?? compressionOf(compressionFormat).extension
