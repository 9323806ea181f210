import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, createZstdCompress } from 'node:zlib'

/** The same bytes for the same body every time: no header holds a time. */
const through = (create: () => Transform) =>
  async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const stream = create()
    const fed = pipeline(body, stream, { end: true })
    // A reader that stops early ends the pipeline too; whoever reads on sees the failure in the stream itself.
    fed.catch(() => undefined)
    yield* stream
  }

export const gzip = through(createGzip)
export const zstd = through(createZstdCompress)
