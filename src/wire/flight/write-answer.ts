import type { StreamBody } from '../../service/shape.ts'
import type { Answer, Exchange, ExchangeFlight, Pieces, WireResponse } from '../exchange.ts'

const BODILESS = [204, 304]
/** What a connection is given at a time, so that it is seen when a slow reader takes something. */
const SLICE_BYTES = 128 * 1024
/** A longer text is written as bytes: Node would copy it within the heap. */
const LONG_TEXT = 64 * 1024

type Writing = Pick<Exchange, 'method' | 'isOver' | 'flight'>

/** Resolves when everything was handed to the connection, or the client has gone; rejects as the body does. */
export async function writeAnswer(
  response: WireResponse,
  writing: Writing,
  { status, headers, body: given }: Answer,
): Promise<void> {
  const { method, flight } = writing
  const announced = headers['content-length']
  const body = typeof given === 'string' && given.length > LONG_TEXT ? Buffer.from(given) : given
  const counted = lengthOf(body)
  const length = announced ?? (BODILESS.includes(status) ? undefined : counted)
  // Who makes a stream of pieces says itself what it holds of it.
  if (counted !== undefined) flight.becomes(counted)
  response.writeHead(status, linesOf('stream' in response ? withoutConnection(headers) : headers, length))
  if (body === undefined || method === 'HEAD' || BODILESS.includes(status)) response.end(flight.sends(1))
  else if (typeof body === 'string') response.end(body, flight.sends(1))
  else await writePieces(response, writing, body instanceof Uint8Array ? [body] : body, counted ?? announced)
}

async function writePieces(
  response: WireResponse,
  { isOver, flight }: Writing,
  pieces: StreamBody | Pieces,
  announced: number | string | undefined,
): Promise<void> {
  const { release } = pieces
  let leftBytes = Number(announced)
  for await (const piece of pieces) {
    if (isOver()) return
    leftBytes -= piece.length
    if (leftBytes < 0) throw new Error(`an answer has more than the ${announced} bytes that it announced`)
    for (let at = 0; at < piece.length || at === 0; at += SLICE_BYTES) {
      const isLast = at + SLICE_BYTES >= piece.length
      const slice = piece.length <= SLICE_BYTES ? piece : piece.subarray(at, at + SLICE_BYTES)
      const written = taken(flight, slice, isLast && release ? () => release(piece) : undefined)
      // With the last piece: an answer of one piece leaves together with its head.
      if (isLast && leftBytes === 0) return void response.end(slice, written)
      if (!response.write(slice, written)) await drained(response, isOver)
      if (isOver()) return
    }
  }
  // Its client would wait for the rest for ever.
  if (leftBytes > 0)
    throw new Error(`an answer lacks ${leftBytes} of the ${announced} bytes that it announced`)
  response.end()
}

function taken(flight: ExchangeFlight, { length }: Uint8Array, then?: () => void) {
  const sent = flight.sends(length)
  return (error?: Error | null) => {
    sent(error)
    if (!error) then?.()
  }
}

/** Names and values in turn. The length last: once Node knows it, it takes Content-Disposition for UTF-8. */
/** HTTP/2 has no such header, of which Node warns on stderr. https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2 */
function withoutConnection(headers: Answer['headers']): Answer['headers'] {
  if (headers.connection === undefined) return headers
  const { connection: _, ...others } = headers
  return others
}

function linesOf(headers: Answer['headers'], length: number | string | undefined): string[] {
  const lines: string[] = []
  for (const name in headers) if (name !== 'content-length') lines.push(name, headers[name]!)
  if (length !== undefined) lines.push('content-length', String(length))
  return lines
}

/** Of a body whose length is known before it is written. */
function lengthOf(body: Answer['body']): number | undefined {
  if (body === undefined) return 0
  if (typeof body === 'string') return Buffer.byteLength(body)
  if (body instanceof Uint8Array) return body.length
  return Array.isArray(body) ? body.reduce((sum: number, piece) => sum + piece.length, 0) : undefined
}

const drained = (response: WireResponse, isOver: () => boolean) =>
  new Promise<void>((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.once('drain', settle).once('close', settle)
    if (isOver()) settle()
  })
