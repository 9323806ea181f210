import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import type { PostedForm } from '../service/dialect.ts'
import type { ServiceException } from '../service/exception.ts'
import type { Flight } from '../service/memory/flight.ts'
import type { Caller } from '../service/operation.ts'
import type { StreamBody } from '../service/shape.ts'
import type { Authenticated, RequestHead } from '../service/signing/authentication.ts'
import type { Identity } from './authenticate.ts'
import type { Visitor } from './guard/guard.ts'

/** One request, whichever HTTP version it came by; its path may hold `..` and `//`. */
export interface Exchange extends RequestHead {
  readonly body: RequestBody
  readonly identity: Identity
  /** Where signatures are verified, what this one's was found to be. */
  readonly authenticated?: Authenticated
  readonly caller: Caller
  readonly flight: ExchangeFlight
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
  readonly body?: string | Uint8Array | Pieces | StreamBody
}

/** A body that is there already. `release` takes back a piece that was written: its buffer is nobody else's. */
export type Pieces = readonly Uint8Array[] & Pick<StreamBody, 'release'>

/** What of an exchange is on its way: held until the answer was taken, and ended where nothing moves for too long. */
export interface ExchangeFlight extends Flight {
  /** Everything that was lent for it is given back. */
  answerMade(): void
  /** All that it holds is so many bytes by now: what it took to make an answer has become it. */
  becomes(bytes: number): void
  /** From now on its body is waited for; `late` is called once it arrives too slowly. */
  awaits(late: () => void): void
  /** Nobody waits for it now. */
  awaitsNot(): void
  arrived(bytes: number): void
  /** Given to the connection; the answer is to be called when it has taken them. */
  sends(bytes: number): (error?: Error | null) => void
}

/** Of an answer whose pieces are to arrive as they are written: a proxy before us (nginx) would else collect them. */
export const UNBUFFERED = { 'x-accel-buffering': 'no' } as const

/** How a family of services is spoken to. */
export interface Protocol {
  answer(exchange: Exchange): Promise<Answer>
  /** A ServiceException, or InternalFailure for an error of our own. */
  fail(exchange: Exchange, failure: unknown): Answer | Promise<Answer>
  /** What is told when there is no room for a request. */
  throttled(exchange: Exchange): ServiceException
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
export interface RequestBody {
  pieces(): StreamBody
  /** undefined when there are more than `limitBytes`; the rest is then read and dropped. */
  whole(limitBytes: number): Promise<Uint8Array | undefined>
}
