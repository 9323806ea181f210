import type { StreamBody } from '../../service/shape.ts'
import type { WireResponse } from '../port/messages.ts'
import type { Answer, Exchange } from './exchange.ts'

const BODILESS = [204, 304]

/** Resolves when everything was handed to the connection, or the client has gone; rejects as the body does. */
export async function writeAnswer(
  response: WireResponse,
  { method, isOver }: Pick<Exchange, 'method' | 'isOver'>,
  { status, headers, body }: Answer,
): Promise<void> {
  const announced = headers['content-length']
  const counted = lengthOf(body)
  const length = announced ?? (BODILESS.includes(status) ? undefined : counted)
  response.writeHead(status, linesOf(headers, length))
  if (body === undefined || method === 'HEAD' || BODILESS.includes(status)) response.end()
  else if (typeof body === 'string' || body instanceof Uint8Array) response.end(body)
  else {
    const { release } = body as StreamBody
    let leftBytes = Number(counted ?? announced)
    for await (const piece of body) {
      if (isOver()) return
      const written = release && ((error?: Error | null) => void (error ?? release(piece)))
      leftBytes -= piece.length
      if (leftBytes < 0) throw new Error(`an answer has more than the ${announced} bytes that it announced`)
      // With the last piece: an answer of one piece leaves together with its head.
      if (leftBytes === 0) return void response.end(piece, written)
      if (!response.write(piece, written)) await drained(response, isOver)
    }
    // Its client would wait for the rest for ever.
    if (leftBytes > 0)
      throw new Error(`an answer lacks ${leftBytes} of the ${announced} bytes that it announced`)
    response.end()
  }
}

/** Names and values in turn. The length last: once Node knows it, it takes Content-Disposition for UTF-8. */
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
