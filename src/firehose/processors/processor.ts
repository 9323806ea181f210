import type { Step } from '../../delivery/step.ts'
import { boolean, list, oneOf, required, type StructureOf, string, structure } from '../../service/shape.ts'
import type { Programs } from '../programs/programs.ts'

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
type ParameterName = NonNullable<ProcessorConfiguration['Parameters']>[number]['ParameterName']

/** One kind of processor: what its parameters mean, and what it makes of records. `S`: what they set it to. */
export interface Processor<S = unknown> {
  /** AWS's name for it. */
  readonly type: string
  /** Under which what it is set to is kept with every batch that is begun: a batch is repeated as it was. */
  readonly member: string
  /** What is kept where it is not asked for; absent: nothing. */
  readonly unasked?: S
  /** Takes part only in dynamic partitioning. */
  readonly isOfPartitioning?: boolean
  /** The type without which it cannot be. */
  readonly needs?: string
  /** Throws InvalidArgumentException when it cannot work with these. */
  check?(given: GivenParameters): void
  /** What its parameters set it to; undefined: they leave it without work. */
  parameters(given: GivenParameters): S | undefined
  /** Throws InvalidArgumentException when what the user wrote for it is no program. */
  checkProgram?(settings: S, programs: Programs): Promise<void>
  /** Set so. Absent: what it is set to takes effect elsewhere. */
  run?(settings: S, programs: Programs): Step
}

export type GivenParameters = (name: ParameterName) => string | undefined
