import { isDeepStrictEqual } from 'node:util'
import { putRecord as directPutRecord } from '../../../src/firehose/operations/put-record.ts'
import { putRecordBatch } from '../../../src/firehose/operations/put-record-batch.ts'
import { putRecord } from '../../../src/kinesis/operations/put-record.ts'
import { putRecords } from '../../../src/kinesis/operations/put-records.ts'
import { jsonFormat } from '../../../src/wire/codec/json-format.ts'
import { plainReaderOf } from '../../../src/wire/codec/plain-json.ts'
import type { PutOperation } from './bodies.ts'

const INPUTS = {
  PutRecords: putRecords.input,
  PutRecord: putRecord.input,
  PutRecordBatch: putRecordBatch.input,
  DirectPutRecord: directPutRecord.input,
} as const

/** What is read straight from the bytes has to be what is read otherwise, to the order of the members. */
export function readBothWays(
  operation: PutOperation,
  body: Buffer,
): { readonly isPlain: boolean; readonly difference?: string } {
  const shape = INPUTS[operation]
  const plain = plainReaderOf(shape)!(Buffer.from(body))
  if (!plain) return { isPlain: false }
  const named = `${operation} ${body.toString('base64')}`
  try {
    const parsed = jsonFormat.decoderOf(shape)(jsonFormat.parse(body))
    const isSame =
      isDeepStrictEqual(plain.input, parsed) && JSON.stringify(plain.input) === JSON.stringify(parsed)
    return { isPlain: true, ...(!isSame && { difference: `${named} is read as something else` }) }
  } catch (error) {
    return { isPlain: true, difference: `${named} is read, though it is wrong: ${error}` }
  }
}
