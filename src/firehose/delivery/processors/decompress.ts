import { promisify } from 'node:util'
import { gunzip as gunzipWithCallback } from 'node:zlib'

const gunzip = promisify(gunzipWithCallback)

/** Far above what CloudWatch Logs sends; bounds what a small record can become. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20

/** Rejects when the data is not whole gzip. */
export const decompress = (data: Uint8Array): Promise<Uint8Array> =>
  gunzip(data, { maxOutputLength: MAX_OUTPUT_BYTES })

/**
 * The messages of a CloudWatch Logs subscription's record; undefined when it is none.
 * https://docs.aws.amazon.com/firehose/latest/dev/Message_extraction.html
 */
export function messagesOf(data: Uint8Array): readonly Uint8Array[] | undefined {
  try {
    const { logEvents } = JSON.parse(Buffer.from(data).toString()) as { logEvents: { message: string }[] }
    return logEvents.map(({ message }) => Buffer.from(message))
  } catch {
    return undefined
  }
}
