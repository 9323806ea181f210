import { decodeRecord } from '../../engine/record.ts'
import { PROCESSING_FAILED } from '../../firehose/destinations/s3/plan.ts'
import { decompress, messagesOf } from '../../firehose/processors/decompression.ts'
import { extractKeys } from '../../firehose/processors/metadata-extraction.ts'
import type { Processing } from '../../firehose/processors/processing.ts'
import { subRecordsOf } from '../../firehose/processors/record-de-aggregation.ts'
import type { Programs } from '../../firehose/programs/programs.ts'
import { errorLineOf, type SourceOf } from '../dead-letters.ts'
import { deAggregate } from '../reading/kpl.ts'
import type { Origin } from '../reading/reading.ts'
import { type Judging, MESSAGES } from './judging.ts'

/** A record as it is read from its source. */
export interface SourceRecord {
  readonly origin: Omit<Origin, 'part'>
  readonly entry: Uint8Array
}

interface Part {
  readonly origin: Origin
  readonly arrivalTime: number
  readonly data: Uint8Array
  /** Where it is stored, as its record was. */
  readonly encrypted: boolean
}

/** What became of a record or of a part of it, and where it goes. */
export interface Processed extends Part {
  readonly to:
    | { readonly kind: 'objects' }
    | { readonly kind: 'partition'; readonly keys: Readonly<Record<string, string>> }
    | { readonly kind: 'errors'; readonly errorOutputType: string }
}

export interface ProcessingContext {
  readonly processing: Processing
  readonly isPartitioned: boolean
  readonly isDeAggregated: boolean
  /** What is wrong with a record that a channel does not deliver. */
  readonly flawOf?: ((data: Uint8Array) => string | undefined) | undefined
  readonly sourceOf: SourceOf
  /** When the batch was begun; what queries know as `now`. */
  readonly now: number
  /** Runs the query. */
  readonly programs: Programs
  readonly judging: Judging
  /** Ends it all. */
  readonly signal: AbortSignal
}

/** Of what became of records that is given out together: a few records may decompress to very much. */
const GROUP_BYTES = 32 * 2 ** 20
/** What a part takes beside its data. */
const PART_BYTES = 256
/** As Kinesis's largest record: what is kept on its way to its object, and in base64 in an error record. */
const MAX_PART_BYTES = 10 * 2 ** 20
/** AWS's type for what could not be decompressed. */
const DECOMPRESSION_FAILED = 'decompression-failed'

/**
 * Records through the processors, in AWS's order: decompression, message extraction, de-aggregation, partition keys.
 * Given out in groups, each of whole records. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export async function* process(
  records: readonly SourceRecord[],
  context: ProcessingContext,
): AsyncGenerator<Processed[]> {
  let [parts, done, bytes]: [Part[], Processed[], number] = [[], [], 0]
  const group = async () => [...done, ...(await route(parts, context))].sort(byOrigin)
  for (const record of records) {
    const { arrivalTime, data, encrypted = false } = decodeRecord(record.entry)
    let part = 0
    const partOf = (bytes: Uint8Array): Part => ({
      ...{ origin: { ...record.origin, part: part++ }, arrivalTime, data: bytes, encrypted },
    })
    for (const userData of context.isDeAggregated ? deAggregate(data) : [data]) {
      const opened = await open(userData, context)
      if ('failure' in opened) done.push(failed(partOf(userData), opened, context))
      else for (const one of opened.data) parts.push(partOf(one))
      bytes += 'failure' in opened ? userData.length : sizeOf(opened.data)
    }
    if (bytes < GROUP_BYTES) continue
    yield await group()
    ;[parts, done, bytes] = [[], [], 0]
  }
  yield await group()
}

const sizeOf = (pieces: readonly Uint8Array[]) =>
  pieces.reduce((sum, { length }) => sum + length + PART_BYTES, 0)

interface Trouble {
  readonly errorOutputType: string
  readonly errorCode: string
  readonly failure: string
}

async function open(
  data: Uint8Array,
  { processing, flawOf }: ProcessingContext,
): Promise<{ data: readonly Uint8Array[] } | Trouble> {
  const { decompression, messageExtraction, deAggregation } = processing
  const flaw = flawOf?.(data)
  if (flaw !== undefined)
    return { errorOutputType: PROCESSING_FAILED, errorCode: 'InvalidRecordFormat', failure: flaw }
  let opened: readonly Uint8Array[] = [data]
  if (decompression)
    try {
      opened = [await decompress(data)]
    } catch (error) {
      return {
        errorOutputType: DECOMPRESSION_FAILED,
        errorCode: 'Decompression.Failed',
        failure: (error as Error).message,
      }
    }
  if (messageExtraction) {
    const messages = messagesOf(opened[0]!)
    if (!messages)
      return {
        errorOutputType: PROCESSING_FAILED,
        errorCode: 'CloudWatchLogProcessing.Failed',
        failure: 'The record is not of a CloudWatch Logs subscription',
      }
    opened = messages
  }
  const pieces = deAggregation ? opened.flatMap((one) => subRecordsOf(one, deAggregation)) : opened
  if (pieces.some(({ length }) => length > MAX_PART_BYTES))
    return {
      errorOutputType: DECOMPRESSION_FAILED,
      errorCode: 'Decompression.Failed',
      failure: 'The record is larger than 10 MiB once it is decompressed',
    }
  return { data: pieces }
}

async function route(parts: readonly Part[], context: ProcessingContext): Promise<Processed[]> {
  const { processing, isPartitioned, programs, judging, now, signal } = context
  if (!isPartitioned) return parts.map((part) => ({ ...part, to: { kind: 'objects' } }))
  const { metadataQuery } = processing
  if (metadataQuery === undefined)
    return parts.map((part) => ({ ...part, to: { kind: 'partition', keys: {} } }))
  const asked = parts.filter(({ origin }) => judging.verdictOf(origin) === undefined)
  const extracted = await extractKeys(
    programs,
    metadataQuery,
    asked.map(({ data }) => data),
    { bounds: judging.bounds, now, signal, goesOn: judging.goesOn },
  )
  const found = new Map(asked.map((part, index) => [part, extracted[index]]))
  return parts.map((part) => {
    const answer = found.get(part)
    if (answer && 'keys' in answer) return { ...part, to: { kind: 'partition', keys: answer.keys } }
    if (answer && 'failure' in answer)
      return failed(part, partitioningFailed('MetadataExtractionFailed', answer.failure), context)
    const verdict = answer?.exceeded ?? judging.verdictOf(part.origin) ?? 'suspended'
    judging.decide(part.origin, verdict)
    return failed(part, partitioningFailed('MetadataExtractionFailed', MESSAGES[verdict]), context)
  })
}

/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html */
export const partitioningFailed = (code: string, failure: string): Trouble => ({
  errorOutputType: PROCESSING_FAILED,
  errorCode: `DynamicPartitioning.${code}`,
  failure,
})

/** The record as a line for the error prefix. */
export const failed = (
  { data, ...part }: Part,
  { errorOutputType, errorCode, failure }: Trouble,
  { now, sourceOf }: Pick<ProcessingContext, 'now' | 'sourceOf'>,
): Processed => ({
  ...part,
  data: errorLineOf({
    ...{ data, errorCode, errorMessage: failure, attempts: 1 },
    ...{ arrivalTime: part.arrivalTime, endedAt: now },
    source: sourceOf(part.origin, part.arrivalTime),
  }),
  to: { kind: 'errors', errorOutputType },
})

/** Stable within a source's log, which is all that matters: logs are kept apart by whoever reads them. */
const byOrigin = (one: Processed, other: Processed): number =>
  one.origin.position - other.origin.position || one.origin.part - other.origin.part
