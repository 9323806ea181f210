import { internalFailure, notSupported, ServiceException } from '../service/exception.ts'
import { type Bound, isAnswer } from '../service/invoke.ts'
import type { Operation } from '../service/operation.ts'
import { decodeForm } from './codec/form-decode.ts'
import { element, encodeMembers, escapeXml, xmlDocument } from './codec/xml-encode.ts'
import { throttling } from './exceptions.ts'
import type { Answer, Exchange, Protocol } from './exchange.ts'

const BODY_LIMIT_BYTES = 1024 * 1024

/** AWS query: the operation in `Action`, its input in a form or in the query, XML in the answer. */
export function awsQuery(services: readonly Bound[]): Protocol {
  function find(action: string): { bound: Bound; operation: Operation<never> } {
    for (const bound of services) {
      const operation = bound.service.operations.get(action)
      if (operation) return { bound, operation }
    }
    if (services.some(({ service }) => service.unsupported.includes(action))) throw notSupported(action)
    throw new ServiceException('InvalidAction', `Could not find operation ${action}.`)
  }

  return {
    async answer(exchange) {
      const { caller, body, authenticated } = exchange
      const bytes = await body.whole(BODY_LIMIT_BYTES)
      if (!bytes)
        throw new ServiceException('RequestEntityTooLarge', 'The request is larger than 1 MiB.', 413)
      authenticated?.checkBody(bytes)
      const form = new URLSearchParams([
        ...exchange.query,
        ...new URLSearchParams(Buffer.from(bytes).toString()),
      ])
      const { bound, operation } = find(form.get('Action') ?? '')
      exchange.found.operation = `${bound.service.id} ${operation.name}`
      const { output } = await bound.invoke({
        caller,
        authenticate() {
          if (caller.principal.kind === 'anonymous') throw missingToken()
          authenticated?.requireService(bound.service.signingName)
        },
        find: () => ({ operation, input: () => decodeForm(operation.input.members, form) }),
      })
      const { name } = operation
      const result = element(`${name}Result`, encodeMembers(operation.output.members, output as object))
      const metadata = element('ResponseMetadata', element('RequestId', caller.requestId))
      return answerOf(
        200,
        caller.requestId,
        xmlDocument(`${name}Response`, result + metadata, bound.service.xmlNamespace),
      )
    },
    fail: (exchange, failure) => failed(exchange, isAnswer(failure) ? failure : internalFailure()),
    throttled: () => throttling(),
  }
}

const missingToken = () =>
  new ServiceException('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)

/** What the JSON services call otherwise. */
const NAMED_HERE: Readonly<Record<string, string>> = { ValidationException: 'ValidationError' }

function failed({ caller }: Exchange, { code, message, status, headers }: ServiceException): Answer {
  const error = Object.entries({
    Type: status < 500 ? 'Sender' : 'Receiver',
    Code: NAMED_HERE[code] ?? code,
    Message: message,
  })
    .map(([name, value]) => element(name, escapeXml(value)))
    .join('')
  const content = element('Error', error) + element('RequestId', caller.requestId)
  const answer = answerOf(status, caller.requestId, xmlDocument('ErrorResponse', content))
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

const answerOf = (status: number, requestId: string, body: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
})
