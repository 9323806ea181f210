import type { Caller } from '../../service/operation.ts'
import type { StreamBody } from '../../service/shape.ts'
import type { Identity } from '../authenticate.ts'
import type { RequestBody } from './request-body.ts'

/** One request, whichever HTTP version it came by. */
export interface Exchange {
  readonly method: string
  /** As sent: neither decoded nor normalised, for what it names may hold `..` and `//`. Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name; HTTP/2's `:authority` is `host`. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: RequestBody
  readonly identity: Identity
  readonly caller: Caller
  /** Answered, or the client has gone. */
  isOver(): boolean
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

/** The media type alone, in lower case; empty when there is none. */
export const mediaTypeOf = (headers: ReadonlyMap<string, string>): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
