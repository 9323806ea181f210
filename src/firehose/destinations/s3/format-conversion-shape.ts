import { boolean, double, integer, list, map, oneOf, string, structure } from '../../../service/shape.ts'

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
export const dataFormatConversionConfiguration = structure({
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
