import { jsonDocumentsOf } from './json-documents.ts'
import type { Processing } from './processing.ts'

/** AWS leaves a record whole that holds more. */
const MAX_SUB_RECORDS = 500

/**
 * RecordDeAggregation: the documents or delimited pieces inside a record, without what stood between them.
 * https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
 */
export function subRecordsOf(
  data: Uint8Array,
  deAggregation: NonNullable<Processing['deAggregation']>,
): readonly Uint8Array[] {
  const found =
    deAggregation === 'JSON'
      ? jsonDocumentsOf(data, MAX_SUB_RECORDS)
      : piecesOf(Buffer.from(data.buffer, data.byteOffset, data.length), deAggregation.delimiter)
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
