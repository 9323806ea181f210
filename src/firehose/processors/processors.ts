import type { Step } from '../../delivery/step.ts'
import { invalidArgument, notSupportedYet } from '../exceptions.ts'
import type { Programs } from '../programs/programs.ts'
import { appendDelimiterToRecord } from './append-delimiter-to-record.ts'
import { cloudWatchLogProcessing } from './cloud-watch-log-processing.ts'
import { decompression, notTooLarge } from './decompression.ts'
import { metadataExtraction } from './metadata-extraction.ts'
import type {
  GivenParameters,
  ProcessingConfiguration,
  Processor,
  ProcessorConfiguration,
} from './processor.ts'
import { recordDeAggregation } from './record-de-aggregation.ts'

/**
 * Every processor that there is, in the order in which AWS lets them work.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export const PROCESSORS: readonly Processor[] = [
  decompression,
  cloudWatchLogProcessing,
  recordDeAggregation,
  metadataExtraction,
  appendDelimiterToRecord,
]

/** What processors are set to, each under its member. */
export type Processing = Readonly<Record<string, unknown>>

interface Processed {
  readonly processing?: ProcessingConfiguration
}

/** What all processors of a configuration are set to. */
export function processingOf(configured: Processed, processors = PROCESSORS): Processing {
  const entries = processors.map(({ member, ...processor }) => [member, settingsOf(processor, configured)])
  return Object.fromEntries(entries.filter(([, settings]) => settings !== undefined))
}

/** What one processor is set to; undefined: nothing is kept of it. */
export function settingsOf<S>(
  { type, parameters, unasked }: Pick<Processor<S>, 'type' | 'parameters' | 'unasked'>,
  { processing }: Processed,
): S | undefined {
  const configured = processing?.Enabled ? (processing.Processors ?? []) : []
  const own = configured.find(({ Type }) => Type === type)
  return own ? parameters(givenTo(own)) : unasked
}

/** The processors that have work to do, set as they were when their batch was begun. */
export function stepsOf(processing: object, programs: Programs, processors = PROCESSORS): readonly Step[] {
  const kept = new Map(Object.entries(processing))
  const steps = processors.flatMap(({ member, unasked, run }) => {
    const settings = kept.get(member)
    return run && settings !== undefined && settings !== unasked ? [run(settings, programs)] : []
  })
  const [one, many] = [
    steps.filter(({ takes }) => takes === 'one'),
    steps.filter(({ takes }) => takes === 'many'),
  ]
  return one.length > 0 ? [...one, notTooLarge, ...many] : many
}

/** Whether any processor works on records before they are buffered. */
export const isProcessed = (configured: Processed, processors = PROCESSORS): boolean =>
  processors.some((processor) => {
    const settings = settingsOf(processor, configured)
    return processor.run && settings !== undefined && settings !== processor.unasked
  })

const givenTo =
  ({ Parameters = [] }: ProcessorConfiguration): GivenParameters =>
  (name) =>
    Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue

const MAX_PROCESSORS = 5

/** Refuses processors that cannot work, in AWS's words. */
export function checkProcessing(
  processing: ProcessingConfiguration | undefined,
  isPartitioned: boolean,
  processors = PROCESSORS,
): void {
  if (!processing?.Enabled) {
    if (isPartitioned)
      throw invalidArgument('Processing Configuration is not enabled when DataPartitioning is enabled')
    return
  }
  const configured = processing.Processors ?? []
  if (configured.length === 0 || configured.length > MAX_PROCESSORS)
    throw invalidArgument(
      'A maximum of 5 and a minimum of 1 processor needs to be supplied when processing is enabled.',
    )
  const rows = configured.map((processor) => [processor, rowOf(processor, processors)] as const)
  for (const [processor, row] of rows) {
    const { type } = row
    if (configured.filter(({ Type }) => Type === type).length > 1)
      throw invalidArgument(`Cannot have more than 1 ${type} processor.`)
    if (row.isOfPartitioning && !isPartitioned)
      throw invalidArgument(
        `class com.amazonaws.services.firehose.internal.model.${type}Processor can only be present when Dynamic Partitioning is enabled.`,
      )
    row.check?.(givenTo(processor))
  }
  for (const [, { type, needs }] of rows)
    if (needs !== undefined && !configured.some(({ Type }) => Type === needs))
      throw invalidArgument(`${type}Processor can only be enabled with ${needs}Processor`)
}

function rowOf({ Type }: ProcessorConfiguration, processors: readonly Processor[]): Processor {
  const row = processors.find(({ type }) => type === Type)
  if (!row) throw notSupportedYet(`the ${Type} processor`)
  return row
}

/** Throws InvalidArgumentException when what the user wrote for a processor is no program. */
export async function checkPrograms(programs: Programs, configured: Processed): Promise<void> {
  for (const processor of PROCESSORS) {
    const settings = settingsOf(processor, configured)
    if (settings !== undefined) await processor.checkProgram?.(settings, programs)
  }
}
