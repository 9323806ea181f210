import { promisify } from 'node:util'
import { gunzip as gunzipWithCallback } from 'node:zlib'
import { isNestedDeeper } from '../../service/json-depth.ts'

const gunzip = promisify(gunzipWithCallback)

/** Far above what CloudWatch Logs sends; bounds what a small record can become. */
const MAX_OUTPUT_BYTES = 32 * 2 ** 20
/** Of a subscription's record, the log events. CloudWatch Logs takes 10,000 at once. */
const MAX_MESSAGES = 100_000
const MAX_DEPTH = 100

/** Rejects when the data is not whole gzip, or becomes too much. */
export const decompress = (data: Uint8Array): Promise<Uint8Array> =>
  gunzip(data, { maxOutputLength: MAX_OUTPUT_BYTES })

/**
 * The messages of a CloudWatch Logs subscription's record; undefined when it is none.
 * https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html
 */
export function messagesOf(data: Uint8Array): readonly Uint8Array[] | undefined {
  if (isNestedDeeper(data, MAX_DEPTH)) return undefined
  try {
    const { logEvents } = JSON.parse(Buffer.from(data).toString()) as { logEvents: { message: string }[] }
    return logEvents.length > MAX_MESSAGES ? undefined : logEvents.map(({ message }) => Buffer.from(message))
  } catch {
    return undefined
  }
}
