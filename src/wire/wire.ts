import type { Random } from '../clock/random.ts'
import { type Bound, isAnswer } from '../service/invoke.ts'
import type { Connection } from '../service/operation.ts'
import { authenticate } from './authenticate.ts'
import { awsJson } from './aws-json.ts'
import { awsQuery } from './aws-query.ts'
import {
  bodyOf,
  type Exchange,
  type Handler,
  mediaTypeOf,
  type Protocol,
  type WireRequest,
  type WireResponse,
  writeAnswer,
} from './exchange.ts'
import { isOwnPath, type OwnRoutes, ownProtocol } from './own-routes.ts'
import { isRest } from './rest-xml/match.ts'
import { restXml } from './rest-xml/rest-xml.ts'

export interface WireOptions {
  readonly services: readonly Bound[]
  /** For requests that name none. */
  readonly defaultRegion: string
  /** For access keys that are none. */
  readonly defaultAccount: string
  readonly random: Random
  /** The machine's time, ms since 1970: what clients sign by, wherever a moved clock stands. */
  readonly machineNow: () => number
  readonly ownRoutes: OwnRoutes
  /** An error of our own; the client has got InternalFailure. */
  readonly onError: (error: unknown) => void
}

/** From requests to operations and back. */
export function createWire(options: WireOptions): Handler {
  const { defaultRegion, defaultAccount, random, onError } = options
  const protocolOf = createProtocols(options)
  const defaults = { account: defaultAccount, region: defaultRegion }

  async function serve(request: WireRequest, response: WireResponse): Promise<void> {
    const end = endOf(request, response)
    const target = targetOf(request)
    const identity = authenticate(target, defaults)
    const { account, region } = identity
    const exchange: Exchange = {
      ...target,
      body: bodyOf(request, response),
      identity,
      isOver: end.isOver,
      // No getters: in a literal they give every object a hidden class of its own, which keeps all of the exchange
      // until the next collection of the whole heap.
      caller: {
        account,
        region,
        principal: identity.principal,
        connection: connectionOf(request, target),
        requestId: random.uuid(),
        url: urlOf(request, target),
        signal: end.signal,
      },
    }
    const protocol = protocolOf(exchange)
    try {
      await writeAnswer(response, exchange, await protocol.answer(exchange))
    } catch (failure) {
      if (end.isOver()) return
      if (!isAnswer(failure)) onError(failure)
      // Too late for an answer. Broken off with an error (HTTP/2 would else end it well), so that the client does not
      // take what it has for all.
      if (response.headersSent) response.destroy(new Error('The answer broke off.', { cause: failure }))
      else await writeAnswer(response, exchange, await protocol.fail(exchange, failure))
    } finally {
      // What nobody wanted of the body stands before the connection's next request.
      request.resume()
    }
  }
  return (request, response) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    serve(request, response).catch((error) => {
      onError(error)
      response.destroy()
    })
  }
}

function targetOf(request: WireRequest): Pick<Exchange, 'method' | 'path' | 'query' | 'headers'> {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const mark = url.indexOf('?')
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  if (!headers.has('host')) headers.set('host', headers.get(':authority') ?? '')
  return {
    method: request.method ?? 'GET',
    path: (mark < 0 ? url : url.slice(0, mark)) || '/',
    query: new URLSearchParams(mark < 0 ? undefined : url.slice(mark + 1)),
    headers,
  }
}

function urlOf({ socket }: WireRequest, { path, headers }: ReturnType<typeof targetOf>): string {
  const scheme = 'encrypted' in socket ? 'https' : 'http'
  return `${scheme}://${headers.get('host')}${path}`
}

const connectionOf = ({ socket }: WireRequest, { headers }: ReturnType<typeof targetOf>): Connection => ({
  address: socket.remoteAddress ?? '',
  isEncrypted: 'encrypted' in socket,
  userAgent: headers.get('user-agent'),
  referer: headers.get('referer'),
})

/** Whether an exchange is over: answered, or its client has gone. */
interface ExchangeEnd {
  isOver(): boolean
  /** Made when it is asked for: few want one, and to abort one at the end of every request is costly. */
  signal(): AbortSignal
}

/** As is the reason that an AbortController would make by itself. */
const OVER = new Error('The exchange is over.')

function endOf(request: WireRequest, response: WireResponse): ExchangeEnd {
  let isOver = false
  let controller: AbortController | undefined
  const end = () => {
    isOver = true
    controller?.abort(OVER)
  }
  response.once('close', end)
  request.once('aborted', end)
  return {
    isOver: () => isOver,
    signal() {
      controller ??= new AbortController()
      if (isOver) controller.abort(OVER)
      return controller.signal
    },
  }
}

interface ProtocolOptions {
  readonly services: readonly Bound[]
  readonly ownRoutes: OwnRoutes
  readonly random: Random
  /** The machine's time, ms since 1970, by which signed links expire. */
  readonly machineNow: () => number
}

type ProtocolName = 'json' | 'query' | 'rest'

const protocolNameOf = (bound: Bound): ProtocolName =>
  isRest(bound) ? 'rest' : bound.service.targetPrefix !== undefined ? 'json' : 'query'

/** Whose protocol a request speaks. What is signed for one of our services is that service's, else its form tells. */
function createProtocols({ services, ownRoutes, random, machineNow }: ProtocolOptions) {
  const of = (name: ProtocolName) => services.filter((bound) => protocolNameOf(bound) === name)
  const own = ownProtocol(ownRoutes)
  const protocols: Readonly<Record<ProtocolName, Protocol>> = {
    json: awsJson(of('json'), random),
    query: awsQuery(of('query')),
    rest: restXml(services.filter(isRest), { random, machineNow }),
  }
  const byService = new Map(services.map((bound) => [bound.service.signingName, protocolNameOf(bound)]))

  return (exchange: Exchange): Protocol => {
    if (isOwnPath(exchange.path)) return own
    if (exchange.headers.has('x-amz-target')) return protocols.json
    return protocols[byService.get(exchange.identity.service ?? '') ?? byForm(exchange, services)]
  }
}

function byForm({ method, path, query, headers }: Exchange, services: readonly Bound[]): ProtocolName {
  if (query.has('Action')) return 'query'
  if (path !== '/') return 'rest'
  const namesSomething = ({ service: { dialect } }: Bound) => {
    const address = dialect?.addressOf?.(headers.get('host') ?? '', path)
    return address !== undefined && address.path !== '/'
  }
  if (services.some(namesSomething)) return 'rest'
  if (method === 'OPTIONS') return 'json'
  if (method !== 'POST') return 'rest'
  const type = mediaTypeOf(headers)
  if (type === 'application/x-www-form-urlencoded') return 'query'
  return type.startsWith('application/x-amz-') || type === 'application/json' ? 'json' : 'rest'
}
