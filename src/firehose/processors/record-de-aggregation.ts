import type { StepOfOne } from '../../delivery/step.ts'
import { endOfString } from '../../service/json-depth.ts'
import { invalidArgument } from '../exceptions.ts'
import type { Processor } from './processor.ts'

/** What lies together in a record. */
type SubRecords = 'JSON' | { readonly delimiter: Uint8Array }

/** https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html */
export const recordDeAggregation: Processor<SubRecords> = {
  type: 'RecordDeAggregation',
  member: 'deAggregation',
  isOfPartitioning: true,
  check(given) {
    const type = given('SubRecordType')
    if (type !== 'JSON' && type !== 'DELIMITED')
      throw invalidArgument('SubRecordType has to be one of JSON, DELIMITED')
    if (type === 'DELIMITED' && Buffer.from(given('Delimiter') ?? '', 'base64').length === 0)
      throw invalidArgument('Delimiter should be present for DELIMITED')
  },
  parameters: (given) =>
    given('SubRecordType') === 'JSON'
      ? 'JSON'
      : { delimiter: Buffer.from(given('Delimiter') ?? '', 'base64') },
  run: (kind): StepOfOne => ({
    takes: 'one',
    run: async ({ data }) => ({ data: subRecordsOf(data, kind) }),
  }),
}

/** AWS leaves a record whole that holds more. */
const MAX_SUB_RECORDS = 500

/** The documents or delimited pieces inside a record, without what stood between them. */
export function subRecordsOf(data: Uint8Array, kind: SubRecords): readonly Uint8Array[] {
  const found =
    kind === 'JSON'
      ? jsonDocumentsOf(data, MAX_SUB_RECORDS)
      : piecesOf(Buffer.from(data.buffer, data.byteOffset, data.length), kind.delimiter)
  return found && found.length > 0 ? found : [data]
}

/** Undefined when there are too many. */
function piecesOf(data: Buffer, delimiter: Uint8Array): Uint8Array[] | undefined {
  const pieces: Uint8Array[] = []
  for (let start = 0; start < data.length; ) {
    const at = data.indexOf(delimiter, start)
    const end = at < 0 ? data.length : at
    if (end > start && pieces.length === MAX_SUB_RECORDS) return undefined
    if (end > start) pieces.push(data.subarray(start, end))
    start = end + delimiter.length
  }
  return pieces
}

const [QUOTE, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 91, 93, 123, 125]
/** Between documents: white space, and commas. */
const BETWEEN = new Set(Buffer.from(' \t\n\v\f\r,'))
const SCALAR = new Set(Buffer.from('-+._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'))

/**
 * The JSON documents that follow one another, with or without white space between them; undefined when something
 * between them is no document, or when there are more than `most`. Documents are cut by their brackets, not checked.
 */
export function jsonDocumentsOf(data: Uint8Array, most: number): Uint8Array[] | undefined {
  const documents: Uint8Array[] = []
  for (let at = hasMark(data) ? 3 : 0; ; ) {
    while (BETWEEN.has(data[at]!)) at++
    if (at >= data.length) return documents
    const end = endOf(data, at)
    if (end === undefined || documents.length === most) return undefined
    documents.push(data.subarray(at, end))
    at = end
  }
}

/** UTF-8's byte order mark. */
const hasMark = (data: Uint8Array) => data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf

function endOf(data: Uint8Array, start: number): number | undefined {
  if (data[start] === QUOTE) return afterString(data, start)
  if (data[start] !== OPEN_OBJECT && data[start] !== OPEN_LIST) return afterScalar(data, start)
  let depth = 0
  for (let at = start; at < data.length; at++) {
    const byte = data[at]
    if (byte === QUOTE) at = endOfString(data, at)
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --depth === 0) return at + 1
  }
  return undefined
}

function afterString(data: Uint8Array, start: number): number | undefined {
  const end = endOfString(data, start)
  return end < data.length ? end + 1 : undefined
}

function afterScalar(data: Uint8Array, start: number): number | undefined {
  let at = start
  while (SCALAR.has(data[at]!)) at++
  return at > start ? at : undefined
}
