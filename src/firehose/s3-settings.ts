import { type CompressionFormat, compressionOf } from './delivery/compression/compression.ts'
import type { ExtendedS3Configuration } from './operations/s3-destination-shape.ts'

/** The settings of an S3 destination, defaults filled in. */
export interface S3Settings {
  /** Made by ExtendedS3DestinationConfiguration. */
  readonly extended: boolean
  readonly roleArn: string
  readonly bucketArn: string
  readonly prefix?: string
  readonly errorOutputPrefix?: string
  readonly sizeInMBs: number
  readonly intervalInSeconds: number
  readonly compressionFormat: CompressionFormat
  readonly logging: { readonly enabled: boolean; readonly group?: string; readonly stream?: string }
  readonly fileExtension?: string
  readonly customTimeZone?: string
  /** Settings that are switched off: without effect, but described as they were given. */
  readonly disabled: Pick<
    ExtendedS3Configuration,
    'ProcessingConfiguration' | 'DataFormatConversionConfiguration' | 'DynamicPartitioningConfiguration'
  >
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
export const DEFAULT_HINTS = { sizeInMBs: 5, intervalInSeconds: 300 }

export const bucketOf = ({ bucketArn }: Pick<S3Settings, 'bucketArn'>) =>
  bucketArn.slice(bucketArn.lastIndexOf(':') + 1)
export const sizeBytesOf = ({ sizeInMBs }: Pick<S3Settings, 'sizeInMBs'>) => sizeInMBs * 2 ** 20
export const intervalMsOf = ({ intervalInSeconds }: Pick<S3Settings, 'intervalInSeconds'>) =>
  intervalInSeconds * 1000
/** An empty time zone means UTC, as an absent one does. */
export const timeZoneOf = ({ customTimeZone }: Pick<S3Settings, 'customTimeZone'>) => customTimeZone || 'UTC'
/** What the objects' names end with. */
export const extensionOf = ({
  fileExtension,
  compressionFormat,
}: Pick<S3Settings, 'fileExtension' | 'compressionFormat'>): string =>
  fileExtension ?? compressionOf(compressionFormat).extension
