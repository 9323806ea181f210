import { isPartitioned, type S3Settings } from '../destinations/s3/s3-settings.ts'
import type { ExtendedS3Configuration, ProcessingConfiguration } from '../destinations/s3/shapes.ts'
import { invalidArgument, notSupportedYet } from '../exceptions.ts'
import type { DeliveryStream } from '../streams/delivery-stream.ts'

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

type Processor = NonNullable<ProcessingConfiguration['Processors']>[number]
export type ProcessorType = Processor['Type']
export type ParameterName = NonNullable<Processor['Parameters']>[number]['ParameterName']

/** What happens to records on their way, read from the processors' parameters. */
export interface Processing {
  readonly decompression: boolean
  /** CloudWatchLogProcessing: only the log events' messages go on. */
  readonly messageExtraction: boolean
  readonly deAggregation?: 'JSON' | { readonly delimiter: Uint8Array }
  /** MetadataExtraction: jq 1.6, one object of partition keys. */
  readonly metadataQuery?: string
  /** AppendDelimiterToRecord. */
  readonly delimiter?: Uint8Array
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Processor.html */
export function processingOf({ processing }: Pick<S3Settings, 'processing'>): Processing {
  const processors = processing?.Enabled ? (processing.Processors ?? []) : []
  const find = (type: ProcessorType) => processors.find(({ Type }) => Type === type)
  const deAggregation = find('RecordDeAggregation')
  const metadata = find('MetadataExtraction')
  const append = find('AppendDelimiterToRecord')
  const cloudWatch = find('CloudWatchLogProcessing')
  const query = metadata && parameterOf(metadata, 'MetadataExtractionQuery')
  return {
    decompression: find('Decompression') !== undefined,
    messageExtraction: /^true$/i.test((cloudWatch && parameterOf(cloudWatch, 'DataMessageExtraction')) ?? ''),
    ...(deAggregation && {
      deAggregation:
        parameterOf(deAggregation, 'SubRecordType') === 'JSON'
          ? 'JSON'
          : { delimiter: Buffer.from(parameterOf(deAggregation, 'Delimiter') ?? '', 'base64') },
    }),
    ...(query !== undefined && { metadataQuery: query }),
    ...(append && { delimiter: Buffer.from(unescaped(parameterOf(append, 'Delimiter') ?? '\n')) }),
  }
}

export const parameterOf = ({ Parameters = [] }: Processor, name: ParameterName): string | undefined =>
  Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue

/** Records are transformed and kept again before they are delivered, because each goes its own way. */
export const hasStages = (settings: S3Settings): boolean =>
  isPartitioned(settings) || processingOf(settings).decompression

export const isStaged = ({
  destination,
  channel,
}: Pick<DeliveryStream, 'destination' | 'channel'>): boolean =>
  hasStages(destination) || channel?.flawOf !== undefined

/** Since a parameter cannot be white space alone, a line feed comes as `\n`. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
const unescaped = (text: string) => text.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!)
