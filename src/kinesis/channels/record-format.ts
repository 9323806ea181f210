import { isUtf8 } from 'node:buffer'
import { isNestedDeeper, MAX_JSON_DEPTH } from '../../service/json-depth.ts'

export type RecordFormat = 'JSON' | 'STRING' | 'BYTE_ARRAY'

/**
 * What is wrong with a record of a format that a channel checks. AWS documents the checks, not the words.
 * https://docs.aws.amazon.com/streams/latest/dev/data-delivery-s3-about.html
 */
export function flawCheckOf(format: RecordFormat): ((data: Uint8Array) => string | undefined) | undefined {
  if (format === 'STRING')
    return (data) => (isUtf8(data) ? undefined : 'The record is not a valid UTF-8 string.')
  if (format === 'JSON')
    return (data) => (isJson(data) ? undefined : 'The record is not a valid JSON payload.')
  return undefined
}

function isJson(data: Uint8Array): boolean {
  if (!isUtf8(data) || isNestedDeeper(data, MAX_JSON_DEPTH)) return false
  try {
    JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString())
    return true
  } catch {
    return false
  }
}
