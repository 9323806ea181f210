import { boolean, list, oneOf, required, type StructureOf, string, structure } from '../../service/shape.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Processor.html */
const processor = structure({
  Type: required(
    oneOf(
      'Decompression',
      'Lambda',
      'RecordDeAggregation',
      'MetadataExtraction',
      'AppendDelimiterToRecord',
      'CloudWatchLogProcessing',
    ),
  ),
  Parameters: list(
    structure({
      ParameterName: required(
        oneOf(
          'DataMessageExtraction',
          'NumberOfRetries',
          'Delimiter',
          'RoleArn',
          'JsonParsingEngine',
          'SubRecordType',
          'MetadataExtractionQuery',
          'BufferIntervalInSeconds',
          'LambdaArn',
          'BufferSizeInMBs',
          'CompressionFormat',
        ),
      ),
      ParameterValue: required(string({ min: 1, max: 5120, pattern: '^(?!\\s*$).+' })),
    }),
  ),
})

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessingConfiguration.html */
export const processingConfiguration = structure({ Enabled: boolean(), Processors: list(processor) })

export type ProcessingConfiguration = StructureOf<typeof processingConfiguration.members>
export type ProcessorConfiguration = StructureOf<typeof processor.members>
export type ParameterName = NonNullable<ProcessorConfiguration['Parameters']>[number]['ParameterName']
