import { invalidArgument, notSupportedYet } from '../../exceptions.ts'
import { type PrefixPart, parsePrefix } from '../../prefixes/prefix.ts'
import { metadataExtraction } from '../../processors/metadata-extraction.ts'
import { settingsOf } from '../../processors/processors.ts'
import { isPartitioned } from '../destination-settings.ts'
import type { S3Settings } from './s3-settings.ts'

const LEAST = { sizeInMBs: 64, intervalInSeconds: 60 }
const MAX_KEYS = 50

/** Refuses dynamic partitioning that cannot work. https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html */
export function checkPartitioning(settings: S3Settings): void {
  if (!isPartitioned(settings)) return
  if (settings.sizeInMBs < LEAST.sizeInMBs)
    throw invalidArgument(
      `BufferingHints.SizeInMBs must be at least ${LEAST.sizeInMBs} when Dynamic Partitioning is enabled.`,
    )
  if (settings.intervalInSeconds < LEAST.intervalInSeconds)
    throw invalidArgument(
      `BufferingHints.IntervalInSeconds must be at least ${LEAST.intervalInSeconds} seconds when Dynamic Partitioning is enabled.`,
    )
  const parts = parsePrefix(settings.prefix ?? '') ?? []
  if (keysOf(parts, 'partitionKeyFromLambda').length > 0) throw notSupportedYet('partitionKeyFromLambda')
  const used = keysOf(parts, 'partitionKeyFromQuery')
  const query = settingsOf(metadataExtraction, settings)
  const extracted = query === undefined ? [] : objectKeysOf(query)
  // AWS documents an object of keys without saying how it refuses anything else.
  if (!extracted) throw invalidArgument('MetaDataExtraction JQ Query has to be one JSON object of keys.')
  if (extracted.length > MAX_KEYS)
    throw invalidArgument(`MetaDataExtraction JQ Query cannot contain more than ${MAX_KEYS} keys.`)
  if (extracted.some((key) => !used.includes(key)))
    throw invalidArgument(
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    )
  const missing = used.find((key) => !extracted.includes(key))
  if (missing !== undefined)
    throw invalidArgument(`The S3 Prefix expression uses the key ${missing}, which no query extracts`)
}

const keysOf = (parts: readonly PrefixPart[], namespace: string): string[] =>
  parts.flatMap((part) => ('namespace' in part && part.namespace === namespace ? [part.value] : []))

/** `{a: .x, "b": .y | strftime("%Y"), c}` → a, b, c; undefined when the query is no object construction. */
export function objectKeysOf(query: string): string[] | undefined {
  const body = /^\s*\{(.*)\}\s*$/s.exec(query)?.[1]
  if (body === undefined) return undefined
  const keys: string[] = []
  for (const member of membersOf(body)) {
    const key = /^\s*(?:"([^"\\]*)"|\.?([A-Za-z_][A-Za-z0-9_]*)|\$([A-Za-z_]\w*))\s*(?::|$)/.exec(member)
    if (!key) return undefined
    keys.push(key[1] ?? key[2] ?? key[3]!)
  }
  return keys
}

/** Cuts at the commas that are in no bracket and no string. */
function membersOf(body: string): string[] {
  const members = ['']
  let depth = 0
  for (const [token] of body.matchAll(/"(?:[^"\\]|\\.)*"|#[^\n]*|./gs)) {
    if (token.startsWith('#')) continue
    if ('([{'.includes(token)) depth++
    if (')]}'.includes(token)) depth--
    if (token === ',' && depth === 0) members.push('')
    else members[members.length - 1] += token
  }
  return members.filter((member) => member.trim() !== '')
}
