import type { RestAddress } from '../../service/dialect.ts'
import type { Bound } from '../../service/invoke.ts'
import type { Operation, RestBinding, Service } from '../../service/operation.ts'
import { invalidUri } from '../exceptions.ts'
import type { Exchange } from '../exchange.ts'

/** A service of this protocol. */
export type RestService = Service & { readonly dialect: NonNullable<Service['dialect']> }
export interface RestBound extends Bound {
  readonly service: RestService
}

export const isRest = (bound: Bound): bound is RestBound => bound.service.dialect !== undefined

/** Where a request points to, its labels decoded but never normalised: `..` and `//` are part of them. Throws InvalidURI. */
export function addressIn(service: RestService, { headers, path }: Pick<Exchange, 'headers' | 'path'>) {
  const { labels, ...found } = service.dialect.addressOf
    ? service.dialect.addressOf(headers.get('host') ?? '', path)
    : addressAmong(service, path)
  const decoded: Record<string, string> = {}
  for (const name in labels) decoded[name] = decode(labels[name]!)
  return { ...found, labels: decoded } satisfies RestAddress
}

/** Where it is answered: its query may ask at a part for what is the whole's. Throws as the dialect does. */
export function aimIn(service: RestService, exchange: Exchange): RestAddress {
  const address = addressIn(service, exchange)
  return service.dialect.aimed?.(exchange, address) ?? address
}

function addressAmong({ operations }: Service, path: string): RestAddress {
  for (const { http } of operations.values()) {
    const found = http && new RegExp(`^${http.path.replace(/\{(\w+)\+\}/, '(?<$1>.+)')}$`, 's').exec(path)
    if (found) return { path: http.path, labels: { ...found.groups } }
  }
  return { labels: {} }
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidUri()
  }
}

type AnyOperation = Operation<never>
interface Row {
  readonly operation: AnyOperation
  readonly http: RestBinding
  /** In lower case. */
  readonly header: string | undefined
  /** Query members, some with the value that they must have. */
  readonly query: readonly (readonly [name: string, value?: string])[]
  /** More named members win. */
  readonly weight: number
  /** The query members that it understands. */
  readonly understands: ReadonlySet<string>
}

/** Finds a request's operation among a service's rows. Throws what the service says when there is none. */
export function createMatcher({ operations, dialect, unsupported }: RestService) {
  const rows = Map.groupBy(
    [...operations.values()].flatMap(rowOf).toSorted((one, other) => other.weight - one.weight),
    ({ http }) => `${http.method} ${http.path}`,
  )

  return (exchange: Exchange, { path: address }: RestAddress): AnyOperation => {
    const { method, path, query, headers } = exchange
    const row = rows.get(`${method} ${address}`)?.find((candidate) => fits(candidate, exchange))
    const asked = { method, address }
    const strange = [...query.keys()].filter(
      (name) => dialect.isTelling(name, asked) && !row?.understands.has(name),
    )
    if (row && strange.length === 0) return row.operation
    const request = { method, path, query, headers, address }
    return dialect.refuse({ ...request, isNear: row !== undefined, strange, unsupported })
  }
}

function rowOf(operation: AnyOperation): Row[] {
  const { http, input } = operation
  if (!http) return []
  const query = (http.query ?? []).map((member) => member.split('=', 2) as [string, string?])
  const named = query.map(([name]) => name)
  const taken = Object.values(input.members).flatMap(({ location }) =>
    location?.in === 'query' ? [location.name] : [],
  )
  const weight = named.length + (http.header === undefined ? 0 : 1)
  const understands = new Set([...named, ...taken])
  return [{ operation, http, header: http.header?.toLowerCase(), query, weight, understands }]
}

const fits = ({ query, header }: Row, exchange: Exchange) =>
  (header === undefined || exchange.headers.has(header)) &&
  query.every(([name, value]) =>
    value === undefined ? exchange.query.has(name) : exchange.query.get(name) === value,
  )
