/**
 * The REST protocol with XML: an operation is found by its method, its path, its query and its headers; its input comes
 * from all of these and from the body. It is driven by the operation's `http` row, by the shapes, and by what the
 * service's `dialect` does in a way of its own.
 *
 * **Finding the operation.** Of the rows that fit the method, the path and every named `query` member and `header`,
 * the one with the most of them wins. `query: ['uploads']` fits `?uploads` and `?uploads=`; `query: ['list-type=2']`
 * wants the value; `query: ['uploadId', 'partNumber']` wants both. The dialect's `addressOf` may find the path's labels
 * elsewhere, in the host name for example. A service that is `recognizedBy` a path's beginning and a header is told by
 * them from another of its signing name. A query member that is telling to the dialect, and that the winning row neither
 * names in `query` nor takes as an `inQuery` member, is refused by the dialect, so that nothing is accepted and ignored.
 *
 * **Input.** `inUri('Name', …)` arrives decoded. `inQuery` and `inHeader` read strings, numbers, booleans,
 * timestamps (ms since 1970) and lists: repeated in the query, separated by commas in a header.
 * `inHeaderPrefix('x-…-', map(…))` gives the headers without the prefix, in lower case, their encoded words as text;
 * absent when there are none. `asPayload(stream())` is always there, empty when nothing was sent: reading its first
 * piece is what answers `Expect: 100-continue`, so look before at whatever may refuse it. Its `trailers` hold what came
 * after the data. The dialect's framing is already undone, of the headers too. `asPayload(structure(…))` is the XML
 * body, whatever its root is called, and absent when the body is empty; `asPayload(blob())` and `asPayload(string())`
 * hold it as it is.
 * The service's `checkBody` is asked before such a body is parsed. An `inAttribute` member is its element's attribute.
 * Without a payload, members that have no place are the elements of the body's root.
 * Lists in XML are `<Name><member>…` with the member's own `xmlName` (default `member`), or `flattened`.
 *
 * Where the dialect takes forms, a form's fields stand where headers would (one may be an XML document: `inHeader(…,
 * structure(…))`), and its file is the payload. Who calls is then told by the form.
 *
 * **Output.** `inHeader`, `inHeaderPrefix` and `asStatus` members leave the body; timestamps become HTTP dates.
 * `asPayload(stream())` is written as it is read, with a length if the output has `inHeader('Content-Length', …)`.
 * `asPayload(structure(…))`, or without a payload all members that are left, become XML under `http.xmlRoot`;
 * `asPayload(string())` is that root's text, or plain text without `xmlRoot`. No such members: no body.
 *
 * **Exceptions** print as `<Error>` with their `fields` as further elements; a HEAD or 304 answer has no body.
 *
 * **Other origins.** OPTIONS is a preflight, and an answer to a request with an Origin gets what the service's
 * `crossOrigin` says. In open mode a page of another origin is refused unless that names it.
 */
import type { Random } from '../../clock/random.ts'
import { internalError, notImplementedFeature } from '../../service/exception.ts'
import { isAnswer } from '../../service/invoke.ts'
import { throttling } from '../exceptions.ts'
import type { Answer, Exchange, Protocol } from '../exchange.ts'
import type { RecognizeForm } from '../form-recognition.ts'
import { crossOriginHeaders, preflightAnswer, refuseForeign, sandboxed } from './cross-origin.ts'
import { createInputReader } from './input.ts'
import { aimIn, createMatcher, type RestBound, type RestService } from './match.ts'
import { createOutputWriter, errorDocument } from './output.ts'
import { withForm } from './with-form.ts'

export interface RestXmlOptions {
  readonly random: Random
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
  readonly recognizeForm: RecognizeForm
}

export function restXml(services: readonly RestBound[], options: RestXmlOptions): Protocol {
  const { random, machineNow } = options
  const hostId = hostIdFrom(random)
  const matchers = new Map(services.map((bound) => [bound, createMatcher(bound.service)]))
  const codecs = new Map(services.flatMap(({ service }) => codecsOf(service)))
  const boundOf = ({ path, headers, query }: Exchange): RestBound | undefined =>
    services.find(({ service: { recognizedBy, dialect } }) => {
      if (!recognizedBy || !path.startsWith(recognizedBy.pathPrefix)) return !recognizedBy
      return dialect.headersOf(headers, query).has(recognizedBy.header)
    })

  async function answer(given: Exchange): Promise<Answer> {
    const { method, query, identity } = given
    const bound = boundOf(given)
    if (!bound || (identity.service ?? bound.service.signingName) !== bound.service.signingName)
      throw notImplementedFeature(`the service ${identity.service}`)
    const { dialect, crossOrigin } = bound.service
    const asked = { ...given, headers: withBodyHash(dialect.headersOf(given.headers, query), given) }
    await refuseForeign(bound, asked)
    if (method === 'OPTIONS' && crossOrigin) return preflightAnswer(bound, asked)
    const exchange = method === 'POST' ? await withForm(bound, asked, options) : asked
    try {
      const { operation, output } = await bound.invoke({
        caller: { ...exchange.caller, hostId },
        authenticate: () => dialect.authenticate(query, machineNow()),
        find() {
          const address = aimIn(bound.service, exchange)
          const operation = matchers.get(bound)!(exchange, address)
          exchange.found.operation = `${bound.service.id} ${operation.name}`
          return { operation, input: () => codecs.get(operation)!.read(exchange, address) }
        },
      })
      return codecs.get(operation)!.write(output as Record<string, unknown>)
    } finally {
      exchange.form?.close()
    }
  }

  async function fail(exchange: Exchange, failure: unknown): Promise<Answer> {
    const exception = isAnswer(failure) ? failure : internalError()
    const ids = { RequestId: exchange.caller.requestId, HostId: hostId }
    return {
      status: exception.status,
      headers: {
        ...(exception.status !== 304 && { 'content-type': 'application/xml' }),
        ...exception.headers,
      },
      ...(hasBody(exchange, exception.status) && {
        body: errorDocument(boundOf(exchange)?.service, exception, ids),
      }),
    }
  }

  const forOtherOrigins = (exchange: Exchange) => crossOriginHeaders(boundOf(exchange), exchange)
  const dressed = (exchange: Exchange, answer: Answer, more: Answer['headers']): Answer => ({
    ...answer,
    headers: {
      'x-amz-request-id': exchange.caller.requestId,
      'x-amz-id-2': hostId,
      ...sandboxed(exchange.visitor.embedding),
      ...more,
      ...answer.headers,
    },
  })

  return {
    answer: async (exchange) => dressed(exchange, await answer(exchange), await forOtherOrigins(exchange)),
    // What made the request fail may make this fail too; it must not keep the answer back.
    fail: async (exchange, failure) =>
      dressed(exchange, await fail(exchange, failure), await forOtherOrigins(exchange).catch(() => ({}))),
    throttled: (exchange) => boundOf(exchange)?.service.throttled?.('') ?? throttling(),
  }
}

/** Of this server: AWS's tell which of many answered. */
const hostIdFrom = (random: Random) => Buffer.from(random.bytes(56)).toString('base64')

/** A link may say the body's hash in its query; then the body has it as if a header had said it. */
function withBodyHash(
  headers: Exchange['headers'],
  { authenticated }: Exchange,
): ReadonlyMap<string, string> {
  const hash = authenticated?.bodySha256
  return hash === undefined || headers.get(BODY_HASH) === hash
    ? headers
    : new Map(headers).set(BODY_HASH, hash)
}

const BODY_HASH = 'x-amz-content-sha256'

const codecsOf = (service: RestService) =>
  [...service.operations.values()].map((operation) => {
    const read = createInputReader(service, operation)
    return [operation, { read, write: createOutputWriter(service, operation) }] as const
  })

const hasBody = ({ method }: Exchange, status: number) => method !== 'HEAD' && status !== 304
