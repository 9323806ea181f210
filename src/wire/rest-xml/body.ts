import { decodeAwsChunked, decodedLengthOf, isAwsChunked } from '../../s3/dialect/aws-chunked.ts'
import type { WholeBody } from '../../service/operation.ts'
import type { StreamBody } from '../../service/shape.ts'
import { messageTooLarge, missingContentLength } from '../exceptions.ts'
import type { Exchange } from '../exchange/exchange.ts'

/** Of a body that is held whole: 10,000 parts or 1,000 keys, with room. */
const LIMIT_BYTES = 8 * 1024 * 1024

/** The body as it comes, without aws-chunked framing. Throws MissingContentLength. */
export function streamOf({ headers, body }: Exchange): StreamBody {
  if (!hasLength(headers)) throw missingContentLength()
  return isAwsChunked(headers) ? decodeAwsChunked(body.pieces(), decodedLengthOf(headers)) : body.pieces()
}

/** Whether it is told where the body ends. HTTP/2, all of whose requests have a `:method`, tells it by itself. */
const hasLength = (headers: Exchange['headers']) =>
  ['content-length', 'transfer-encoding', ':method'].some((name) => headers.has(name))

/** The body and what followed it. Throws MaxMessageLengthExceeded. */
export async function wholeBodyOf(exchange: Exchange): Promise<Pick<WholeBody, 'bytes' | 'trailers'>> {
  const framed = isAwsChunked(exchange.headers) ? streamOf(exchange) : undefined
  const bytes = framed ? await collect(framed) : await exchange.body.whole(LIMIT_BYTES)
  if (!bytes) throw messageTooLarge(LIMIT_BYTES)
  return { bytes, trailers: framed?.trailers ?? new Map() }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of pieces) {
    chunks.push(piece)
    sizeBytes += piece.length
    if (sizeBytes > LIMIT_BYTES) return undefined
  }
  return Buffer.concat(chunks)
}
