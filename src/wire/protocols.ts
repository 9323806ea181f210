import type { Random } from '../clock/random.ts'
import type { Bound } from '../service/invoke.ts'
import { awsJson } from './aws-json/aws-json.ts'
import { awsQuery } from './aws-query.ts'
import { type Exchange, mediaTypeOf, type Protocol } from './exchange/exchange.ts'
import { isOwnPath, type OwnRoutes, ownProtocol } from './own-routes.ts'
import { isRest } from './rest-xml/match.ts'
import { restXml } from './rest-xml/rest-xml.ts'

export interface ProtocolOptions {
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
export function createProtocols({ services, ownRoutes, random, machineNow }: ProtocolOptions) {
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
