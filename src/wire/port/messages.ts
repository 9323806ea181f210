import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/** What HTTP/1.1's requests and HTTP/2's have in common. */
export interface WireRequest extends Readable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
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
