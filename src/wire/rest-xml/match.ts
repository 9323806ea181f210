import { isSubresource, operationNamed } from '../../s3/dialect/unmatched.ts'
import type { Operation, RestBinding, Service } from '../../service/operation.ts'
import { methodNotAllowed, notImplemented, noVersionHere, partWithoutUpload } from '../exceptions.ts'
import { type Exchange, mediaTypeOf } from '../exchange/exchange.ts'
import type { RestAddress } from './address.ts'

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

const READS = ['GET', 'HEAD']
const METHODS = [...READS, 'PUT', 'POST', 'DELETE']

/** Finds a request's operation among a service's rows. Throws NotImplemented for what it has no row for. */
export function createMatcher(service: Service) {
  const rows = Map.groupBy(
    [...service.operations.values()].flatMap(rowOf).toSorted((one, other) => other.weight - one.weight),
    ({ http }) => `${http.method} ${http.path}`,
  )

  return (exchange: Exchange, address: RestAddress): AnyOperation => {
    const { method, query } = exchange
    const { path } = address
    if (!METHODS.includes(method) || (path === '/' && !READS.includes(method))) throw methodNotAllowed(method)
    const row = rows.get(`${method} ${path}`)?.find((candidate) => fits(candidate, exchange))
    const strange = [...query.keys()].filter((name) => isSubresource(name) && !row?.understands.has(name))
    if (row && strange.length === 0) return row.operation
    if (row && strange.length === 1) refuseLone(strange[0]!, exchange, path)
    const level = path === '/{Bucket}/{Key+}' ? 'Object' : 'Bucket'
    const hasId = query.has('id')
    const [name] = strange.flatMap(
      (subresource) => operationNamed(service.unsupported, { method, level, subresource, hasId }) ?? [],
    )
    if (method === 'POST' && mediaTypeOf(exchange.headers) === 'multipart/form-data')
      throw notImplemented('uploads by POST of a form')
    throw notImplemented(
      name ??
        query.get('x-id') ??
        [method, path ?? exchange.path, ...strange.map((member) => `?${member}`)].join(' '),
    )
  }
}

/** What S3 says of a query member that an operation does not take; nothing for what names another operation. */
function refuseLone(member: string, { method, query }: Exchange, path: RestAddress['path']): void {
  if (member === 'versionId') throw noVersionHere(query.get(member)!)
  if (method !== 'PUT' || path !== '/{Bucket}/{Key+}') return
  if (member === 'partNumber') throw partWithoutUpload()
  if (member === 'uploadId') throw methodNotAllowed(method)
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
