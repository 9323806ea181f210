import {
  type Exceeded,
  type Keys,
  type Made,
  type Part,
  partitioningFailed,
  type RunContext,
  type StepOfMany,
  type Verdict,
} from '../../delivery/step.ts'
import { invalidArgument } from '../exceptions.ts'
import { type Answer, type AnswerOptions, BOUNDS, type Bounds, type Programs } from '../programs/programs.ts'
import type { Processor } from './processor.ts'

/** For a batch that had its answers before. */
const PATIENT: Bounds = { timeMs: 10_000, memoryBytes: 2 ** 30 }

/** A query in jq 1.6, which gives one object of partition keys. https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html */
export const metadataExtraction: Processor<string> = {
  type: 'MetadataExtraction',
  member: 'metadataQuery',
  isOfPartitioning: true,
  check(given) {
    if (given('JsonParsingEngine') !== 'JQ-1.6')
      throw invalidArgument('MetaDataExtraction JSON Parsing Engine has to be one of JQ-1.6')
    // AWS documents that it is required without saying how it refuses.
    if (given('MetadataExtractionQuery') === undefined)
      throw invalidArgument('MetadataExtractionQuery is required when MetadataExtraction processor is used.')
  },
  parameters: (given) => given('MetadataExtractionQuery'),
  async checkProgram(query, programs) {
    const flaw = await programs.check(query)
    // The wording is ours.
    if (flaw !== undefined) throw invalidArgument(`MetaDataExtraction JQ Query is invalid: ${flaw}`)
  },
  run: (query, programs): StepOfMany => ({
    takes: 'many',
    run: (parts, context) => extractFrom(parts, query, programs, context),
  }),
}

/** Asks for the keys of those parts of which nothing is decided, and decides of those that get no answer. */
async function extractFrom(
  parts: readonly Part[],
  query: string,
  programs: Programs,
  { judging, now, signal }: RunContext,
): Promise<Made[]> {
  const asked = parts.filter(({ origin }) => judging.verdictOf(origin) === undefined)
  const bounds = judging.isPatient ? PATIENT : BOUNDS
  const documents = asked.map(({ data }) => data)
  const options = { bounds, now, signal, goesOn: judging.goesOn }
  const answers = await extractKeys(programs, query, documents, options)
  const found = new Map(asked.map((part, index) => [part, answers[index]]))
  return parts.map((part) => {
    const extracted = found.get(part)
    if (extracted && 'keys' in extracted) return extracted
    if (extracted && 'failure' in extracted)
      return partitioningFailed('MetadataExtractionFailed', extracted.failure)
    const verdict = extracted?.exceeded ?? judging.verdictOf(part.origin) ?? 'suspended'
    judging.decide(part.origin, verdict)
    return partitioningFailed('MetadataExtractionFailed', MESSAGES[verdict])
  })
}

/** What its error record says of a record that got no answer. */
const MESSAGES: Readonly<Record<Verdict, string>> = {
  time: 'The query took longer than 1 s for this record',
  memory: 'The query needed more than 64 MiB for this record',
  crash: 'The query ended jq itself',
  suspended:
    'The query is suspended since it exceeded 1 s or 64 MiB for three records in a row; UpdateDestination lets it run again',
}

/** What problems say of it. */
export const QUERY_PROBLEMS = {
  isSuspended:
    'its MetadataExtractionQuery exceeded 1 s or 64 MiB for three records in a row and is suspended: its records go to the error output until UpdateDestination',
  isUnfinished:
    'its MetadataExtractionQuery had ended for a record before the server stopped and takes over 10 s or 1 GiB for it now; it is tried again, for the record may have been delivered',
}

/** jq's answer for one document: the keys, or why there are none. */
export type Extracted =
  | { readonly keys: Keys }
  | { readonly failure: string }
  | { readonly exceeded: Exceeded }

/** Runs the query over documents; fewer answers where `goesOn` ended that before. */
export const extractKeys = async (
  programs: Programs,
  query: string,
  documents: readonly Uint8Array[],
  options: AnswerOptions,
): Promise<Extracted[]> => (await programs.answers(query, documents, options)).map(keysOf)

const NO_VALUE: Extracted = { failure: 'partitionKeys values must not be null or empty' }

function keysOf(answer: Answer): Extracted {
  if ('flaw' in answer) return { failure: answer.flaw }
  if (!('values' in answer)) return answer
  const [object, ...others] = answer.values
  if (others.length > 0 || typeof object !== 'object' || object === null || Array.isArray(object))
    return { failure: 'The query has to give one object of partition keys' }
  const keys: Record<string, string> = {}
  for (const [key, value] of Object.entries(object)) {
    if (value === null || value === '') return NO_VALUE
    keys[key] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return { keys }
}
