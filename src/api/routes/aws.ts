import { notSupported, ServiceException } from '../../service/exception.ts'
import { type Bound, callOf } from '../../service/invoke.ts'
import type { Operation } from '../../service/operation.ts'
import { validatePresence } from '../../service/validation/validate.ts'
import { jsonFormat } from '../../wire/codec/json-format.ts'
import type { ConsolePorts } from '../ports.ts'
import { jsonBody, type Route } from './route.ts'

/**
 * Every operation of every service as AWS JSON, unsigned, for the console: `POST /_standpipe/api/aws/kinesis/CreateStream`.
 * It goes through the same invoke() as the wire, so that its exceptions, limits and prices are AWS's.
 */
export const awsRoutes = ({ services, scope }: ConsolePorts): readonly Route[] => [
  [
    'POST',
    /^\/_standpipe\/api\/aws\/([a-z0-9]+)\/([A-Za-z0-9]+)$/,
    'the operation',
    async ([, service = '', name = ''], request) => {
      const { bound, operation } = findOperation(services(), service, name)
      if (streamed(operation)) throw notSupported(name, 'Its body is no JSON.')
      const input = jsonFormat.decoderOf(operation.input)(await jsonBody(request))
      if (bound.service.validation === 'none') validatePresence(operation.input, input)
      const caller = { ...request.caller, ...scope(request) }
      const { output } = await bound.invoke(callOf(operation, input, caller))
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
        body: jsonFormat.encode(operation.output, output),
      }
    },
  ],
]

/** Throws what AWS answers to an operation that there is not. */
export function findOperation(
  services: readonly Bound[],
  signingName: string,
  name: string,
): { bound: Bound; operation: Operation<never> } {
  for (const bound of services) {
    const operation = bound.service.operations.get(name)
    if (bound.service.signingName === signingName && operation) return { bound, operation }
  }
  throw new ServiceException('UnknownOperationException', `There is no ${signingName} ${name}.`, 404)
}

const streamed = ({ input, output }: Operation<never>): boolean =>
  [...Object.values(input.members), ...Object.values(output.members)].some(
    ({ kind }) => kind === 'stream' || kind === 'eventStream',
  )
