import { isPartitioned, type S3Settings } from '../destinations/s3/s3-settings.ts'
import type { ProcessingConfiguration } from '../destinations/s3/shapes.ts'
import type { DeliveryStream } from '../streams/delivery-stream.ts'

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
