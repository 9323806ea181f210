import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { PostedForm } from '../service/dialect.ts'
import { free } from '../service/free.ts'
import type { Caller } from '../service/operation.ts'
import type { StreamBody } from '../service/shape.ts'
import type { Authenticated, RequestHead } from '../service/signing/authentication.ts'
import type { Identity } from './authenticate.ts'
import { requestTimeout } from './exceptions.ts'
import type { Visitor } from './guard/guard.ts'

/** One request, whichever HTTP version it came by; its path may hold `..` and `//`. */
export interface Exchange extends RequestHead {
  readonly body: RequestBody
  readonly identity: Identity
  /** Where signatures are verified, what this one's was found to be. */
  readonly authenticated?: Authenticated
  readonly caller: Caller
  /** Once it was read: a form that stands for headers and body. */
  readonly form?: PostedForm
  /** Of the web page that may be behind it. */
  readonly visitor: Visitor
  /** What its protocol has found out so far, for whoever tells of it. */
  readonly found: Found
  /** Answered, or the client has gone. */
  isOver(): boolean
}

interface Found {
  /** Service and operation (`Service Operation`) that are asked for, once it is known that there is one. */
  operation?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Pieces are written one after the other, so that a large answer does not hold up others. */
  readonly body?: string | Uint8Array | readonly Uint8Array[] | StreamBody
}

/** How a family of services is spoken to. */
export interface Protocol {
  answer(exchange: Exchange): Promise<Answer>
  /** A ServiceException, or InternalFailure for an error of our own. */
  fail(exchange: Exchange, failure: unknown): Answer | Promise<Answer>
}

/** What HTTP/1.1's requests and HTTP/2's have in common. */
export interface WireRequest extends Readable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
  /** As sent: names and values in turn. */
  readonly rawHeaders: readonly string[]
  readonly socket: Socket
}

/** What HTTP/1.1's responses and HTTP/2's have in common; `destroyed` is not. */
export interface WireResponse extends Omit<Writable, 'destroyed'> {
  readonly headersSent: boolean
  /** In a list names and values take turns. */
  writeHead(status: number, headers: OutgoingHttpHeaders | string[]): unknown
  /** Answers `Expect: 100-continue`. */
  writeContinue(): void
}

/** Answers one request. Never throws; a request that expects 100-continue is handed over before it is continued. */
export type Handler = (request: WireRequest, response: WireResponse) => void

/** The media type alone, in lower case; empty when there is none. */
export const mediaTypeOf = (headers: ReadonlyMap<string, string>): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()

/** A request's body, read once: as it comes, or whole. Reading is what answers `Expect: 100-continue`. */
interface RequestBody {
  pieces(): StreamBody
  /** undefined when there are more than `limitBytes`; the rest is then read and dropped. */
  whole(limitBytes: number): Promise<Uint8Array | undefined>
}

export function bodyOf(request: WireRequest, response: WireResponse, isOver: () => boolean): RequestBody {
  let isAwaited = request.headers.expect?.toLowerCase() === '100-continue'
  const accept = () => {
    if (isAwaited) response.writeContinue()
    isAwaited = false
  }
  return {
    pieces: () => requestPieces(request, accept, isOver),
    whole(limitBytes) {
      accept()
      return new Promise((resolve, reject) => {
        const chunks: Uint8Array[] = []
        let sizeBytes = 0
        const gone = () => reject(new Error('The client went away.'))
        const late = () => reject(requestTimeout())
        request.on('data', (chunk: Uint8Array) => {
          sizeBytes += chunk.length
          if (sizeBytes <= limitBytes) chunks.push(chunk)
          else chunks.length = 0
        })
        request.once('end', () => {
          request.off('aborted', gone).off('close', gone).off('timeout', late)
          if (sizeBytes > limitBytes) resolve(undefined)
          else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, sizeBytes))
        })
        // It may have gone while its signature was verified: then no event will tell.
        if (isOver()) return gone()
        // Without 'aborted', what HTTP/2 got before a reset would look like the whole.
        request.once('aborted', gone).once('close', gone).once('timeout', late)
      })
    },
  }
}

/** So much is taken in before it is asked for. */
const WAITING_BYTES = 512 * 1024

/**
 * A request's body in the pieces in which it arrives: Readable's own iterator joins them first. Whoever stops early
 * still wants to answer, so the request outlives that.
 */
function requestPieces(request: WireRequest, begin: () => void, isOver: () => boolean): StreamBody {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    begin()
    const waiting: Uint8Array[] = []
    let waitingBytes = 0
    // What HTTP/2 reset before anybody read it looks like a body that has ended.
    let isGone = request.destroyed || isOver()
    let hasEnded = !isGone && request.readableEnded
    let isAwaited = false
    let isLate = false
    let wake = () => {}
    const arrived = (piece: Uint8Array) => {
      waiting.push(piece)
      waitingBytes += piece.length
      if (waitingBytes >= WAITING_BYTES) request.pause()
      wake()
    }
    const ended = () => {
      hasEnded = true
      wake()
    }
    const gone = () => {
      isGone = true
      wake()
    }
    const late = () => {
      if (!isAwaited) return
      isLate = true
      wake()
    }
    request.on('timeout', late)
    request.on('data', arrived).once('end', ended).once('aborted', gone).once('close', gone)
    try {
      for (;;) {
        const piece = waiting.shift()
        if (piece) {
          waitingBytes -= piece.length
          yield piece
        } else if (hasEnded) return
        else if (isGone) throw new Error('The client went away.')
        else if (isLate) throw requestTimeout()
        else {
          isAwaited = true
          await new Promise<void>((resolve) => {
            wake = resolve
            request.resume()
          })
          isAwaited = false
        }
      }
    } finally {
      request.off('timeout', late)
      request.off('data', arrived).off('end', ended).off('aborted', gone).off('close', gone)
    }
  }
  return Object.assign(pieces(), { release: free })
}

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
