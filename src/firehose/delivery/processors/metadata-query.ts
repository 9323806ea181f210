import { createRequire } from 'node:module'
import { invalidArgument } from '../../exceptions.ts'
import { processingOf } from '../../processing.ts'
import type { S3Settings } from '../../s3-settings.ts'

/** jq's answer for one document: the keys, or why there are none. */
export type Extracted = { readonly keys: Readonly<Record<string, string>> } | { readonly failure: string }

type RunJq = (documents: string, program: string, flags: string[]) => string
let loaded: Promise<RunJq> | undefined

/** jq itself, compiled to WebAssembly; loaded when the first query needs it. The package has no types. */
async function loadJq(): Promise<RunJq> {
  const module: unknown = createRequire(import.meta.url)('jq-web')
  loaded ??= (module as Promise<{ raw: RunJq }>).then(({ raw }) => keepingExitCode(raw))
  return await loaded
}

/** jq was made to end its process: a query that fails would leave its exit code to ours. */
const keepingExitCode =
  (run: RunJq): RunJq =>
  (...args) => {
    const { exitCode } = process
    try {
      return run(...args)
    } finally {
      process.exitCode = exitCode
    }
  }

/** What jq 1.6 had and the one in the package has no more. */
const FORMER = 'def leaf_paths: paths(scalars); def gamma: lgamma; '

/** What a query gives for a document, all of it, or what it failed with; a comment may end the query. */
const wrapped = (query: string) => `${FORMER}try {values: [\n${query}\n]} catch {failure: .}`

/** Throws InvalidArgumentException when the query is not jq. */
export async function checkQuery(settings: Pick<S3Settings, 'processing'>): Promise<void> {
  const { metadataQuery } = processingOf(settings)
  if (metadataQuery === undefined) return
  const jq = await loadJq()
  try {
    jq('null', wrapped(metadataQuery), ['-c'])
  } catch (error) {
    // The wording is ours.
    throw invalidArgument(`MetaDataExtraction JQ Query is invalid: ${reasonOf(error)}`)
  }
}

/** Runs the query over documents, one run for all of them. */
export async function extractKeys(query: string, documents: readonly Uint8Array[]): Promise<Extracted[]> {
  const texts = documents.map(jsonTextOf)
  const valid = texts.filter((text) => text !== undefined)
  const answers = valid.length > 0 ? await answersOf(query, valid) : []
  let next = 0
  return texts.map((text) => (text === undefined ? NOT_JSON : keysOf(answers[next++]!)))
}

const NOT_JSON: Extracted = { failure: 'Non JSON record provided' }
const NO_VALUE: Extracted = { failure: 'partitionKeys values must not be null or empty' }

type Answer = { readonly values: unknown[] } | { readonly failure: unknown }

async function answersOf(query: string, texts: readonly string[]): Promise<Answer[]> {
  const jq = await loadJq()
  const run = (input: string): Answer[] =>
    jq(input, wrapped(query), ['-c'])
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  try {
    const answers = run(texts.join('\n'))
    if (answers.length === texts.length) return answers
  } catch {
    // One of them ends jq: then each runs for itself.
  }
  return texts.map((text) => {
    try {
      return run(text)[0] ?? { values: [] }
    } catch (error) {
      return { failure: reasonOf(error) }
    }
  })
}

function keysOf(answer: Answer): Extracted {
  if ('failure' in answer) return { failure: String(answer.failure) }
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

/** Newer versions of jq keep a number as it was written where 1.6 kept its value: `1.0`, `1e3`, very long ones. */
const UNUSUAL_NUMBER = /\d\.\d*0\b|\d[eE]|\d{17}/

/** The text of one JSON document, or undefined. */
function jsonTextOf(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data)
    const document: unknown = JSON.parse(text)
    return UNUSUAL_NUMBER.test(text) ? JSON.stringify(document) : text
  } catch {
    return undefined
  }
}

const reasonOf = (error: unknown): string =>
  (error as Error).message
    .replace(/^Non-zero exit code: \d+\s*/, '')
    .split('\n')[0]!
    .replace(/^jq: error(?: \(at [^)]*\))?: /, '')
