/**
 * S3's protocol: an operation is found by its method, its path, its query and its headers; its input comes from all
 * of these and from the body. It is driven by the operation's `http` row and by the shapes alone.
 *
 * **Finding the operation.** Of the rows that fit the method, the path and every named `query` member and `header`,
 * the one with the most of them wins. `query: ['uploads']` fits `?uploads` and `?uploads=`; `query: ['list-type=2']`
 * wants the value; `query: ['uploadId', 'partNumber']` wants both. A bucket may stand in the path or in the host name.
 * A service that is `recognizedBy` a path's beginning and a header has paths of its own, `/v20180820/tags/{resourceArn+}`.
 * A query member of AWS's that names a subresource (`?acl`, `?versionId=…`) and that the winning row neither names in
 * `query` nor takes as an `inQuery` member answers `NotImplemented`, or what S3 says of it, so that nothing is accepted
 * and ignored.
 *
 * **Input.** `inUri('Bucket' | 'Key', …)` arrives decoded. `inQuery` and `inHeader` read strings, numbers, booleans,
 * timestamps (ms since 1970) and lists: repeated in the query, separated by commas in a header.
 * `inHeaderPrefix('x-amz-meta-', map(…))` gives the headers without the prefix, in lower case, their encoded words
 * (`encoded-words.ts`) as text; absent when there are none. `asPayload(stream())` is always there, empty
 * when nothing was sent: reading its first piece is what answers `Expect: 100-continue`, so look at the bucket before.
 * Its `trailers` hold what came after the data. `aws-chunked` framing is already undone: `Content-Length` is then the
 * decoded length and `Content-Encoding` lacks `aws-chunked`. `asPayload(structure(…))` is the XML body, whatever its
 * root is called, and absent when the body is empty; `asPayload(blob())` and `asPayload(string())` hold it as it is.
 * The service's `checkBody` is asked before such a body is parsed. An `inAttribute` member is its element's attribute.
 * Without a payload, members that have no place are the elements of the body's root.
 * Lists in XML are `<Name><member>…` with the member's own `xmlName` (default `member`), or `flattened`.
 *
 * **Output.** `inHeader`, `inHeaderPrefix` and `asStatus` members leave the body; timestamps become HTTP dates.
 * `asPayload(stream())` is written as it is read, with a length if the output has `inHeader('Content-Length', …)`.
 * `asPayload(structure(…))`, or without a payload all members that are left, become XML under `http.xmlRoot`;
 * `asPayload(string())` is that root's text, or plain text without `xmlRoot`. No such members: no body.
 *
 * **Exceptions** print as S3's `<Error>` with their `fields` as further elements; a HEAD or 304 answer has no body.
 *
 * **Other origins.** OPTIONS is a preflight, and an answer to a request with an Origin gets what the service's
 * `crossOrigin` says.
 */
import type { Random } from '../../clock/random.ts'
import { checkPresigned, isPresigned, withHeadersOfLink } from '../../s3/dialect/presigned.ts'
import { type Bound, isAnswer } from '../../service/invoke.ts'
import type { Service } from '../../service/operation.ts'
import { internalError, notImplemented } from '../exceptions.ts'
import type { Answer, Exchange, Protocol } from '../exchange/exchange.ts'
import { restAddressOf } from './address.ts'
import { crossOriginHeaders, preflightAnswer } from './cross-origin.ts'
import { createInputReader } from './input.ts'
import { createMatcher } from './match.ts'
import { createOutputWriter, errorDocument } from './output.ts'

export interface RestXmlOptions {
  readonly random: Random
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
}

export function restXml(services: readonly Bound[], { random, machineNow }: RestXmlOptions): Protocol {
  /** Of this server: AWS's tell which of many answered. */
  const hostId = Buffer.from(random.bytes(56)).toString('base64')
  const matchers = new Map(services.map((bound) => [bound, createMatcher(bound.service)]))
  const codecs = new Map(services.flatMap(({ service }) => codecsOf(service)))
  const boundOf = ({ path, headers }: Exchange): Bound | undefined =>
    services.find(({ service: { recognizedBy } }) =>
      recognizedBy ? path.startsWith(recognizedBy.pathPrefix) && headers.has(recognizedBy.header) : true,
    )

  async function answer(given: Exchange): Promise<Answer> {
    const exchange = isPresigned(given.query)
      ? { ...given, headers: withHeadersOfLink(given.headers, given.query) }
      : given
    const { method, path, query, headers, caller, identity } = exchange
    const bound = boundOf(exchange)
    if (!bound || (identity.service ?? bound.service.signingName) !== bound.service.signingName)
      throw notImplemented(`the service ${identity.service}`)
    if (method === 'OPTIONS') return preflightAnswer(bound, exchange)
    checkPresigned(query, machineNow())
    const address = restAddressOf(bound.service, headers.get('host') ?? '', path)
    const operation = matchers.get(bound)!(exchange, address)
    const { read, write } = codecs.get(operation)!
    const output = await bound.invoke(operation, await read(exchange, address), caller)
    return write(output as Record<string, unknown>)
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

  const forOtherOrigins = async (exchange: Exchange): Promise<Answer['headers']> =>
    exchange.headers.has('origin') ? await crossOriginHeaders(boundOf(exchange), exchange) : {}
  const dressed = (exchange: Exchange, answer: Answer, more: Answer['headers']): Answer => ({
    ...answer,
    headers: {
      'x-amz-request-id': exchange.caller.requestId,
      'x-amz-id-2': hostId,
      ...more,
      ...answer.headers,
    },
  })

  return {
    answer: async (exchange) => dressed(exchange, await answer(exchange), await forOtherOrigins(exchange)),
    // What made the request fail may make this fail too; it must not keep the answer back.
    fail: async (exchange, failure) =>
      dressed(exchange, await fail(exchange, failure), await forOtherOrigins(exchange).catch(() => ({}))),
  }
}

const codecsOf = (service: Service) =>
  [...service.operations.values()].map((operation) => {
    const read = createInputReader(service, operation)
    return [operation, { read, write: createOutputWriter(operation, service.xmlNamespace) }] as const
  })

const hasBody = ({ method }: Exchange, status: number) => method !== 'HEAD' && status !== 304
