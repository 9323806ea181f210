import type { S3Settings } from '../destinations/s3/s3-settings.ts'
import { invalidArgument } from '../exceptions.ts'
import type { Answer, AnswerOptions, Exceeded, Programs } from '../programs/programs.ts'
import { processingOf } from './processing.ts'

/** jq's answer for one document: the keys, or why there are none. */
export type Extracted =
  | { readonly keys: Readonly<Record<string, string>> }
  | { readonly failure: string }
  | { readonly exceeded: Exceeded }

/** Throws InvalidArgumentException when the query is not jq. */
export async function checkQuery(
  programs: Programs,
  settings: Pick<S3Settings, 'processing'>,
): Promise<void> {
  const { metadataQuery } = processingOf(settings)
  if (metadataQuery === undefined) return
  const flaw = await programs.check(metadataQuery)
  // The wording is ours.
  if (flaw !== undefined) throw invalidArgument(`MetaDataExtraction JQ Query is invalid: ${flaw}`)
}

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
