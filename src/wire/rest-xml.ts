/**
 * S3's protocol: an operation is found by its method, its path, its query and its headers; its input comes from all
 * of these and from the body. It is driven by the operation's `http` row and by the shapes alone.
 *
 * **Finding the operation.** Of the rows that fit the method, the path and every named `query` member and `header`,
 * the one with the most of them wins. `query: ['uploads']` fits `?uploads` and `?uploads=`; `query: ['list-type=2']`
 * wants the value; `query: ['uploadId', 'partNumber']` wants both. A bucket may stand in the path or in the host name.
 * A query member of AWS's that names a subresource (`?acl`, `?versionId=…`) and that the winning row neither names in
 * `query` nor takes as an `inQuery` member answers `NotImplemented`, so that nothing is accepted and ignored.
 *
 * **Input.** `inUri('Bucket' | 'Key', …)` arrives decoded. `inQuery` and `inHeader` read strings, numbers, booleans,
 * timestamps (ms since 1970) and, separated by commas, lists. `inHeaderPrefix('x-amz-meta-', map(…))` gives the
 * headers without the prefix, in lower case; absent when there are none. `asPayload(stream())` is always there, empty
 * when nothing was sent: reading its first piece is what answers `Expect: 100-continue`, so look at the bucket before.
 * Its `trailers` hold what came after the data. `aws-chunked` framing is already undone: `Content-Length` is then the
 * decoded length and `Content-Encoding` lacks `aws-chunked`. `asPayload(structure(…))` is the XML body, whatever its
 * root is called, and absent when the body is empty; `asPayload(blob())` and `asPayload(string())` hold it as it is.
 * Lists in XML are `<Name><member>…` with the member's own `xmlName` (default `member`), or `flattened`.
 *
 * **Output.** `inHeader`, `inHeaderPrefix` and `asStatus` members leave the body; timestamps become HTTP dates.
 * `asPayload(stream())` is written as it is read, with a length if the output has `inHeader('Content-Length', …)`.
 * `asPayload(structure(…))`, or without a payload all members that are left, become XML under `http.xmlRoot`;
 * `asPayload(string())` is that root's text, or plain text without `xmlRoot`. No such members: no body.
 *
 * **Exceptions** print as S3's `<Error>` with their `fields` as further elements; a HEAD or 304 answer has no body.
 */
import type { Random } from '../clock/random.ts'
import { type Bound, isAnswer } from '../service/invoke.ts'
import { bucketAddressOf } from './bucket-address.ts'
import { corsForbidden, internalError, notImplemented } from './exceptions.ts'
import type { Answer, Exchange, Protocol } from './exchange.ts'
import { readInput } from './rest-input.ts'
import { createMatcher } from './rest-match.ts'
import { writeOutput } from './rest-output.ts'
import { element, escapeXml, xmlDocument } from './xml-text.ts'

export function restXml(services: readonly Bound[], random: Random): Protocol {
  const [bound] = services
  const match = bound && createMatcher(bound.service)

  async function answer(exchange: Exchange): Promise<Answer> {
    const { method, path, headers, caller, identity } = exchange
    const name = bound?.service.signingName
    if (!bound || !match || (identity.service ?? name) !== name)
      throw notImplemented(`the service ${identity.service}`)
    if (method === 'OPTIONS') throw corsForbidden()
    const address = bucketAddressOf(headers.get('host') ?? '', path)
    const operation = match(exchange, address)
    const input = await readInput(operation.input.members, exchange, address)
    const output = await bound.invoke(operation, input, caller)
    return writeOutput(operation, output as Record<string, unknown>, bound.service.xmlNamespace)
  }

  const dressed = ({ caller }: Exchange, hostId: string, answer: Answer): Answer => ({
    ...answer,
    headers: { 'x-amz-request-id': caller.requestId, 'x-amz-id-2': hostId, ...answer.headers },
  })
  const newHostId = () => Buffer.from(random.bytes(56)).toString('base64')

  return {
    answer: async (exchange) => dressed(exchange, newHostId(), await answer(exchange)),
    fail(exchange, failure) {
      const { code, message, status, fields } = isAnswer(failure) ? failure : internalError()
      const hostId = newHostId()
      const elements = {
        Code: code,
        Message: message,
        ...fields,
        RequestId: exchange.caller.requestId,
        HostId: hostId,
      }
      const content = Object.entries(elements).map(([name, value]) => element(name, escapeXml(value)))
      return dressed(exchange, hostId, {
        status,
        headers: { 'content-type': 'application/xml' },
        ...(hasBody(exchange, status) && { body: xmlDocument('Error', content.join('')) }),
      })
    },
  }
}

const hasBody = ({ method }: Exchange, status: number) => method !== 'HEAD' && status !== 304
