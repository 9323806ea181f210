import { internalFailure, ServiceException } from '../service/exception.ts'
import { isAnswer } from '../service/invoke.ts'
import type { Caller } from '../service/operation.ts'
import type { Answer, Exchange, Protocol } from './exchange.ts'

const BODY_LIMIT_BYTES = 1024 * 1024
/** What requests of ours are signed for, as AWS's are for the name of a service. */
const SIGNING_NAME = 'standpipe'

/** A request to what is Standpipe's own: `/_standpipe/…`, and LocalStack's health page. */
export interface OwnRequest {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly caller: Caller
  /** At most 1 MiB. Throws a ServiceException of status 413 for more. */
  body(): Promise<Uint8Array>
}

export type OwnAnswer = Answer

/** undefined: there is no such page. */
export type OwnRoutes = (request: OwnRequest) => Promise<OwnAnswer | undefined>

/**
 * Who makes a request, where signatures are verified: the caller, or whom what it brings beside a signature stands for.
 * Asked before it is routed. Throws for one that nobody may make unknown.
 */
export type AdmitOwn = (request: Omit<OwnRequest, 'body'>) => Caller | Promise<Caller>

/** Nothing that a service's path may begin with has a `_` in its name, so that nothing of theirs is hidden. */
export const isOwnPath = (path: string) => /^\/(_standpipe(\/|$)|_localstack\/health$)/.test(path)

export const ownProtocol = (routes: OwnRoutes, admit?: AdmitOwn): Protocol => ({
  async answer({ method, path, query, headers, caller, body, authenticated }: Exchange) {
    const read = async () => {
      const bytes = await body.whole(BODY_LIMIT_BYTES)
      if (!bytes) throw new ServiceException('RequestTooLarge', 'The body is larger than 1 MiB.', 413)
      return bytes
    }
    const request = { method, path, query, headers, caller }
    if (!authenticated) return kept((await routes({ ...request, body: read })) ?? noPage(path))
    const isSigned = caller.principal.kind !== 'anonymous'
    const bytes = isSigned ? await read() : undefined
    if (bytes) authenticated.checkBody(bytes)
    authenticated.requireService(SIGNING_NAME)
    const known = { ...request, caller: admit ? await admit(request) : caller }
    const answer = await routes({ ...known, body: bytes ? async () => bytes : read })
    return kept(answer ?? noPage(path))
  },
  throttled: () =>
    new ServiceException(
      'TooManyRequests',
      'The server has no memory for more requests now: try again.',
      503,
    ),
  fail({ path, visitor }, failure) {
    const { refusal } = visitor
    const isRead = refusal !== undefined && !path.startsWith('/_standpipe/api/')
    return kept(isRead ? sentence(refusal) : failed(isAnswer(failure) ? failure : internalFailure()))
  },
})

/** No answer of ours is taken for something else, or for a part of another origin's page. */
const kept = (answer: Answer): Answer => ({
  ...answer,
  headers: {
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    ...answer.headers,
  },
})

/** For whoever wanted to see a page. */
const sentence = (text: string): Answer => ({
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: `${text}\n`,
})

const noPage = (path: string): Answer =>
  failed(new ServiceException('NotFound', `There is no page ${path}.`, 404))

const failed = ({ code, message, status, headers }: ServiceException): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: `${JSON.stringify({ code, message })}\n`,
})
