import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** The same bytes for the same body every time: the header holds no time. */
export async function* gzip(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGzip()
  const fed = pipeline(body, stream, { end: true })
  // A reader that stops early ends the pipeline too; whoever reads on sees the failure in the stream itself.
  fed.catch(() => undefined)
  yield* stream
}
