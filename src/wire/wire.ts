import type { Random } from '../clock/random.ts'
import { type Bound, isAnswer } from '../service/invoke.ts'
import type { Connection } from '../service/operation.ts'
import type { Authenticator, RequestHead } from '../service/signing/authentication.ts'

import { type Answered, type Request, recordOf, requestOf } from './answered.ts'

import { authenticate, type Identity } from './authenticate.ts'

import { awsJson } from './aws-json.ts'
import { awsQuery } from './aws-query.ts'
import {
  type Answer,
  type Exchange,
  type Handler,
  mediaTypeOf,
  type Protocol,
  type WireRequest,
  type WireResponse,
} from './exchange.ts'
import { drain } from './flight/drain.ts'
import type { FlightOf, Flights } from './flight/flights.ts'
import { createPace, type Pace } from './flight/pace.ts'
import { bodyOf } from './flight/request-body.ts'
import { writeAnswer } from './flight/write-answer.ts'
import { createFormRecognition } from './form-recognition.ts'
import { preflightAnswer, readableBy } from './grant.ts'
import { createForwarding, type Forwarding } from './guard/forwarded.ts'
import { accessRefused, type Guard, type SpokenProtocol } from './guard/guard.ts'
import { asKnown, type PrincipalOf } from './known-key.ts'
import { type AdmitOwn, isOwnPath, type OwnRoutes, ownProtocol } from './own-routes.ts'
import { isRest } from './rest-xml/match.ts'
import { restXml } from './rest-xml/rest-xml.ts'
import { verified } from './verified.ts'

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
  /** Absent in open mode: whoever calls is whom they say. */
  readonly closed?: ClosedMode | undefined
  /** What all requests together may hold. */
  readonly flights: Flights
  /** Keeps out whom a browser should not have sent. */
  readonly guard: Guard
  /** Addresses and CIDR blocks of the proxies whose word on a request's client is believed. */
  readonly trustedProxies?: readonly string[]
  /** Hears why a web page was refused: the page itself is told by its browser that it failed, and no more. */
  readonly onRefusal?: (why: string) => void
  /** Open mode: whom keys were made for; nobody is asked if absent. */
  readonly principalOf?: PrincipalOf | undefined
  /** An error of our own; the client has got InternalFailure. */
  readonly onError: (error: unknown, request?: Request) => void
  /** Is told of every request, what became of it, be it that it was refused before anybody knew what it asks for. */
  readonly onAnswered?: ((answered: Answered) => void) | undefined
}

/** Every request is verified. */
export interface ClosedMode {
  readonly authenticator: Authenticator
  readonly admitOwn: AdmitOwn
}

/** From requests to operations and back. */
export function createWire(options: WireOptions): Handler {
  const { random, machineNow, guard, flights, onRefusal, onError, onAnswered } = options
  const { protocols, nameOf } = createProtocols(options)
  const forwarding = createForwarding(options.trustedProxies ?? [])
  const defaults = { account: options.defaultAccount, region: options.defaultRegion }
  const recognize = recognizing(options, defaults)
  const pace = createPace()

  async function serve(request: WireRequest, response: WireResponse): Promise<void> {
    const end = endOf(request, response)
    const flight = flights.begin(request, response, () => protocol.throttled(exchange))
    const target = targetOf(request)
    const identity = authenticate(target, defaults)
    const connection = connectionOf(request, target, forwarding)
    const name = nameOf(target, identity)
    const visitor = guard({ ...target, protocol: name, isEncrypted: connection.isEncrypted })
    const body = bodyOf(request, response, flight, end.isOver)
    const exchange = exchangeOf({ target, identity, connection, visitor, body, flight, end }, random.uuid())
    const protocol = protocols[name]
    const { refusal, grantedTo, foreign: why = refusal } = visitor
    const record = recordOf(exchange, onAnswered, machineNow)
    let known = exchange
    const send = (answer: Answer) => {
      record.answers(answer)
      return writeAnswer(response, exchange, grantedTo === undefined ? answer : readableBy(grantedTo, answer))
    }
    try {
      if (refusal !== undefined) throw accessRefused(name, refusal)
      await toBegin(flight, pace, isAlwaysServed(name, target.path))
      if (end.isOver()) return
      const isPreflight = grantedTo !== undefined && target.method === 'OPTIONS'
      const recognized = isPreflight ? exchange : recognize(exchange, name)
      known = recognized instanceof Promise ? await recognized : recognized
      record.knownAs(known)
      const answer = isPreflight
        ? preflightAnswer(target.headers, exchange.caller.requestId)
        : await protocol.answer(known)
      await send(answer)
    } catch (failure) {
      record.fails(failure)
      if (end.isOver()) return
      if (!isAnswer(failure)) onError(failure, requestOf(known))
      else if (failure.status === 403 && why !== undefined) onRefusal?.(why)
      // Too late for an answer. Broken off with an error (HTTP/2 would else end it well), so that the client does not
      // take what it has for all.
      if (response.headersSent) response.destroy(new Error('The answer broke off.', { cause: failure }))
      else await send(await protocol.fail(exchange, failure))
    } finally {
      record.end()
      drain(request, flight)
    }
  }
  return handling(serve, onError)
}

/** What goes wrong with a request that could not even be refused. */
const handling =
  (
    serve: (request: WireRequest, response: WireResponse) => Promise<void>,
    onError: WireOptions['onError'],
  ): Handler =>
  (request, response) => {
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    serve(request, response).catch((error) => {
      onError(error)
      response.destroy()
    })
  }

interface Begun extends Pick<Exchange, 'identity' | 'visitor' | 'body'> {
  readonly target: RequestHead
  readonly connection: Connection
  readonly flight: FlightOf
  readonly end: ExchangeEnd
}

/** No getters: in a literal they give every object a hidden class of its own, which keeps all of the exchange until the next collection of the whole heap. */
function exchangeOf(
  { target, identity, connection, visitor, body, flight, end }: Begun,
  requestId: string,
): Exchange {
  const { account, region, signedRegion, principal } = identity
  const url = urlOf(connection, target)
  return {
    ...target,
    ...{ body, flight, identity, visitor, found: {}, isOver: end.isOver },
    caller: {
      ...{ account, region, signedRegion, principal, connection },
      ...{ flight, requestId, url, signal: end.signal },
    },
  }
}

/** Before anything of the body is read: whom a request is from. At once where nobody has to be asked. */
function recognizing({ closed, principalOf, machineNow }: WireOptions, defaults: Defaults) {
  return (exchange: Exchange, spoken: SpokenProtocol): Exchange | Promise<Exchange> =>
    closed
      ? verified(exchange, spoken, { authenticator: closed.authenticator, now: machineNow(), defaults })
      : principalOf
        ? asKnown(exchange, principalOf)
        : exchange
}

/** What tells how the server is tells it also when there is no room for anything else. */
const isAlwaysServed = (spoken: SpokenProtocol, path: string) =>
  spoken === 'own' && !path.startsWith('/_standpipe/api/')

/** Resolves when it is a request's turn, and there is room for it as such: soon, unless others hold more than there is. */
async function toBegin(flight: FlightOf, pace: Pace, isAlwaysServed: boolean): Promise<void> {
  for (;;) {
    const turn = pace.turn()
    if (turn) await turn
    const room = isAlwaysServed || flight.take(0)
    if (!(room instanceof Promise)) return
    // When there is some, it is there for all who wait, until the first of them has it.
    await room
  }
}

/** For requests that name none. */
interface Defaults {
  readonly account: string
  readonly region: string
}

function targetOf(request: WireRequest): RequestHead {
  const url = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '')
  const mark = url.indexOf('?')
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  const repeated = 2 * headers.size < request.rawHeaders.length ? repeatedOf(request.rawHeaders) : NONE
  if (!headers.has('host')) headers.set('host', headers.get(':authority') ?? '')
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1)
  return {
    method: request.method ?? 'GET',
    path: (mark < 0 ? url : url.slice(0, mark)) || '/',
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers,
    repeated,
  }
}

const NONE: RequestHead['repeated'] = new Map()

/** Of headers that came more than once Node joins the values, or keeps but the first. */
function repeatedOf(lines: readonly string[]): RequestHead['repeated'] {
  const all = Map.groupBy(
    Array.from({ length: lines.length / 2 }, (_, index) => index * 2),
    (index) => lines[index]!.toLowerCase(),
  )
  const several = [...all].filter(([, places]) => places.length > 1)
  return new Map(several.map(([name, places]) => [name, places.map((index) => lines[index + 1]!)]))
}

type Target = ReturnType<typeof targetOf>

const urlOf = ({ isEncrypted }: Connection, { path, headers }: Target): string =>
  `${isEncrypted ? 'https' : 'http'}://${headers.get('host')}${path}`

function connectionOf({ socket }: WireRequest, target: Target, forwarding: Forwarding): Connection {
  const { headers } = target
  const peer = { address: socket.remoteAddress ?? '', isEncrypted: 'encrypted' in socket }
  const { address, isEncrypted } = forwarding(peer, headers)
  const [userAgent, referer] = [headers.get('user-agent'), headers.get('referer')]
  return { address, isEncrypted, userAgent, referer }
}

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

type ProtocolOptions = Omit<WireOptions, 'guard' | 'onError'>

type ProtocolName = Exclude<SpokenProtocol, 'own'>

const protocolNameOf = (bound: Bound): ProtocolName =>
  isRest(bound) ? 'rest' : bound.service.targetPrefix !== undefined ? 'json' : 'query'

/** Whose protocol a request speaks. What is signed for one of our services is that service's, else its form tells. */
function createProtocols(options: ProtocolOptions) {
  const { services, ownRoutes, random, machineNow, closed, principalOf } = options
  const defaults = { account: options.defaultAccount, region: options.defaultRegion }
  const recognizeForm = createFormRecognition({
    authenticator: closed?.authenticator,
    ...{ machineNow, defaults, principalOf },
  })
  const of = (name: ProtocolName) => services.filter((bound) => protocolNameOf(bound) === name)
  const protocols: Readonly<Record<SpokenProtocol, Protocol>> = {
    own: ownProtocol(ownRoutes, closed?.admitOwn),
    json: awsJson(of('json'), random),
    query: awsQuery(of('query')),
    rest: restXml(services.filter(isRest), { random, machineNow, recognizeForm }),
  }
  const byService = new Map(services.map((bound) => [bound.service.signingName, protocolNameOf(bound)]))

  const nameOf = (target: Target, { service = '' }: Identity): SpokenProtocol => {
    if (isOwnPath(target.path)) return 'own'
    if (target.headers.has('x-amz-target')) return 'json'
    return byService.get(service) ?? byForm(target, services)
  }
  return { protocols, nameOf }
}

function byForm({ method, path, query, headers }: Target, services: readonly Bound[]): ProtocolName {
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
