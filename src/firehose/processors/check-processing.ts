import type { ExtendedS3Configuration } from '../destinations/s3/shapes.ts'
import { invalidArgument, notSupportedYet } from '../exceptions.ts'
import { type ProcessorType, parameterOf } from './processing.ts'

const MAX_PROCESSORS = 5

/** Refuses processors that cannot work, in AWS's words. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
export function checkProcessing(given: ExtendedS3Configuration): void {
  const isPartitioned = given.DynamicPartitioningConfiguration?.Enabled === true
  if (!given.ProcessingConfiguration?.Enabled) {
    if (isPartitioned)
      throw invalidArgument('Processing Configuration is not enabled when DataPartitioning is enabled')
    return
  }
  const processors = given.ProcessingConfiguration.Processors ?? []
  if (processors.length === 0 || processors.length > MAX_PROCESSORS)
    throw invalidArgument(
      'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
    )
  const has = (type: ProcessorType) => processors.some(({ Type }) => Type === type)
  if (has('Lambda')) throw notSupportedYet('the Lambda processor')
  for (const processor of processors) {
    const type = processor.Type
    if (processors.filter(({ Type }) => Type === type).length > 1)
      throw invalidArgument(`Cannot have more than 1 ${type} processor.`)
    if ((type === 'RecordDeAggregation' || type === 'MetadataExtraction') && !isPartitioned)
      throw invalidArgument(
        `class com.amazonaws.services.firehose.internal.model.${type}Processor can only be present when Dynamic Partitioning is enabled.`,
      )
    CHECKS[type]?.((name) => parameterOf(processor, name))
  }
  if (has('CloudWatchLogProcessing') && !has('Decompression'))
    throw invalidArgument('CloudWatchLogProcessingProcessor can only be enabled with DecompressionProcessor')
}

type Check = (parameter: (name: Parameters<typeof parameterOf>[1]) => string | undefined) => void

const CHECKS: Partial<Record<ProcessorType, Check>> = {
  RecordDeAggregation(parameter) {
    const type = parameter('SubRecordType')
    if (type !== 'JSON' && type !== 'DELIMITED')
      throw invalidArgument('SubRecordType has to be one of JSON, DELIMITED')
    if (type === 'DELIMITED' && Buffer.from(parameter('Delimiter') ?? '', 'base64').length === 0)
      throw invalidArgument('Delimiter should be present for DELIMITED')
  },
  MetadataExtraction(parameter) {
    if (parameter('JsonParsingEngine') !== 'JQ-1.6')
      throw invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6')
    // AWS documents that it is required without saying how it refuses.
    if (parameter('MetadataExtractionQuery') === undefined)
      throw invalidArgument('MetadataExtractionQuery is required when MetadataExtraction processor is used.')
  },
  Decompression(parameter) {
    if ((parameter('CompressionFormat') ?? 'GZIP') !== 'GZIP')
      throw invalidArgument('CompressionFormat of the Decompression processor has to be GZIP')
  },
  CloudWatchLogProcessing(parameter) {
    if (!/^(true|false)$/i.test(parameter('DataMessageExtraction') ?? 'False'))
      throw invalidArgument(
        'Invalid parameter value for DataMessageExtraction. Allowed values are True and False.',
      )
  },
}
