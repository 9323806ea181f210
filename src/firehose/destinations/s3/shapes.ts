import {
  boolean,
  double,
  integer,
  list,
  map,
  oneOf,
  required,
  type StructureOf,
  string,
  structure,
} from '../../../service/shape.ts'
import { processingConfiguration } from '../../processors/processor.ts'
import { kmsKeyArn, roleArn } from '../../shapes.ts'

const word = string({ min: 1, max: 1024, pattern: '^\\S+$' })
const text = string({ min: 1, max: 1024, pattern: '^(?!\\s*$).+' })
const proportion = double({ min: 0, max: 1 })
const blockSizeBytes = integer({ min: 67_108_864 })

const parquetSerDe = structure({
  MaxPaddingBytes: integer({ min: 0 }),
  BlockSizeBytes: blockSizeBytes,
  PageSizeBytes: integer({ min: 65_536 }),
  Compression: oneOf('SNAPPY', 'GZIP', 'UNCOMPRESSED'),
  EnableDictionaryCompression: boolean(),
  WriterVersion: oneOf('V1', 'V2'),
})

const orcSerDe = structure({
  DictionaryKeyThreshold: proportion,
  BlockSizeBytes: blockSizeBytes,
  RowIndexStride: integer({ min: 1000 }),
  EnablePadding: boolean(),
  PaddingTolerance: proportion,
  StripeSizeBytes: integer({ min: 8_388_608 }),
  Compression: oneOf('ZLIB', 'SNAPPY', 'NONE'),
  FormatVersion: oneOf('V0_11', 'V0_12'),
  BloomFilterColumns: list(word),
  BloomFilterFalsePositiveProbability: proportion,
})

/**
 * In the order in which AWS lists what is wrong, which is not that of its documentation.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_DataFormatConversionConfiguration.html
 */
const dataFormatConversionConfiguration = structure({
  OutputFormatConfiguration: structure({
    Serializer: structure({ ParquetSerDe: parquetSerDe, OrcSerDe: orcSerDe }),
  }),
  InputFormatConfiguration: structure({
    Deserializer: structure({
      OpenXJsonSerDe: structure({
        ConvertDotsInJsonKeysToUnderscores: boolean(),
        CaseInsensitive: boolean(),
        ColumnToJsonKeyMappings: map(word, text),
      }),
      HiveJsonSerDe: structure({ TimestampFormats: list(text) }),
    }),
  }),
  SchemaConfiguration: structure({
    VersionId: word,
    CatalogId: word,
    DatabaseName: word,
    RoleARN: word,
    Region: word,
    TableName: word,
  }),
  Enabled: boolean(),
})

const bucketArn = string({ min: 1, max: 2048, pattern: 'arn:.*:s3:::[\\w\\.\\-]{1,255}' })
const prefix = string({ min: 0, max: 1024, pattern: '.*' })
const bufferingHints = structure({
  SizeInMBs: integer({ min: 1, max: 128 }),
  IntervalInSeconds: integer({ min: 0, max: 900 }),
})
const compressionFormat = oneOf('ZIP', 'HADOOP_SNAPPY', 'Snappy', 'GZIP', 'UNCOMPRESSED')
const encryptionConfiguration = structure({
  NoEncryptionConfig: oneOf('NoEncryption'),
  KMSEncryptionConfig: structure({ AWSKMSKeyARN: required(kmsKeyArn) }),
})
const cloudWatchLoggingOptions = structure({
  Enabled: boolean(),
  LogGroupName: string({ min: 0, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]*' }),
  LogStreamName: string({ min: 0, max: 512, pattern: '[^:*]*' }),
})

const plain = {
  RoleARN: required(roleArn),
  BucketARN: required(bucketArn),
  Prefix: prefix,
  ErrorOutputPrefix: prefix,
  BufferingHints: bufferingHints,
  CompressionFormat: compressionFormat,
  EncryptionConfiguration: encryptionConfiguration,
  CloudWatchLoggingOptions: cloudWatchLoggingOptions,
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_S3DestinationConfiguration.html */
export const s3DestinationConfiguration = structure(plain)

const s3BackupMode = oneOf('Disabled', 'Enabled')

/** After what both forms have; in the order in which AWS lists what is wrong. */
const extended = {
  FileExtension: string({
    min: 0,
    max: 128,
    pattern: "^(|\\.[0-9a-z!\\-_.*'()]+)$",
    accepts: /^(|\.[0-9a-z!\-_.*'()]+)$/,
  }),
  DataFormatConversionConfiguration: dataFormatConversionConfiguration,
  ProcessingConfiguration: processingConfiguration,
  S3BackupMode: s3BackupMode,
}
const dynamicPartitioningConfiguration = structure({
  RetryOptions: structure({ DurationInSeconds: integer({ min: 0, max: 7200 }) }),
  Enabled: boolean(),
})
const customTimeZone = string({
  min: 0,
  max: 50,
  pattern: '^$|[a-zA-Z/_]+',
  accepts: /^$|^[a-zA-Z/_]+$/,
})

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html */
export const extendedS3DestinationConfiguration = structure({
  ...plain,
  ...extended,
  S3BackupConfiguration: s3DestinationConfiguration,
  DynamicPartitioningConfiguration: dynamicPartitioningConfiguration,
  CustomTimeZone: customTimeZone,
})

const described = {
  ...plain,
  BufferingHints: required(bufferingHints),
  CompressionFormat: required(compressionFormat),
  EncryptionConfiguration: required(encryptionConfiguration),
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_S3DestinationDescription.html */
export const s3DestinationDescription = structure(described)

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationDescription.html */
export const extendedS3DestinationDescription = structure({
  ...described,
  ...extended,
  S3BackupDescription: s3DestinationDescription,
  DynamicPartitioningConfiguration: dynamicPartitioningConfiguration,
  CustomTimeZone: customTimeZone,
})

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_S3DestinationUpdate.html */
export const s3DestinationUpdate = structure({ ...plain, RoleARN: roleArn, BucketARN: bucketArn })

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationUpdate.html */
export const extendedS3DestinationUpdate = structure({
  ...plain,
  RoleARN: roleArn,
  BucketARN: bucketArn,
  ...extended,
  S3BackupUpdate: s3DestinationUpdate,
  DynamicPartitioningConfiguration: dynamicPartitioningConfiguration,
  CustomTimeZone: customTimeZone,
})

export type S3Configuration = StructureOf<typeof s3DestinationConfiguration.members>
export type S3Update = StructureOf<typeof extendedS3DestinationUpdate.members>
export type ExtendedS3Configuration = StructureOf<typeof extendedS3DestinationConfiguration.members>
