import { destination, type Lab, textOf } from './firehose-lab.ts'

export const parameter = (ParameterName: string, ParameterValue: string) => ({
  ParameterName,
  ParameterValue,
})
export const extraction = (query: string) => ({
  Type: 'MetadataExtraction',
  Parameters: [parameter('MetadataExtractionQuery', query), parameter('JsonParsingEngine', 'JQ-1.6')],
})
export const partitioned = (settings: object = {}, ...processors: object[]) =>
  destination({
    Prefix: 'by/!{partitionKeyFromQuery:customer}/',
    ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
    BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 60 },
    DynamicPartitioningConfiguration: { Enabled: true },
    ProcessingConfiguration: {
      Enabled: true,
      Processors: [extraction('{customer: .customer}'), ...processors],
    },
    ...settings,
  })
export const line = (customer: unknown, n: number) => `${JSON.stringify({ customer, n })}\n`
export const byPrefix = (lab: Lab) =>
  Object.fromEntries(
    lab.bucket
      .list()
      .map((object): [string, string] => [object.key.replace(/to-s3-.*/, ''), textOf(object)])
      .sort(),
  )
