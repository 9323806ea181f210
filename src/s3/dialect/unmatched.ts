import type { Unmatched } from '../../service/dialect.ts'
import { invalidArgument, methodNotAllowed, notImplementedFeature } from '../exceptions.ts'
import { isForm } from '../forms/forms.ts'
import { OBJECT } from './selectors.ts'

const READS = ['GET', 'HEAD']
const METHODS = [...READS, 'PUT', 'POST', 'DELETE']

/**
 * Throws what S3 says to a request that no operation fits: NotImplemented, with the name of AWS's operation if it is
 * one that Standpipe has not, MethodNotAllowed, or InvalidArgument.
 */
export function refuseUnmatched(request: Unmatched): never {
  const { method, path, query, headers, address, isNear, strange, unsupported } = request
  if (!METHODS.includes(method) || (address === '/' && !READS.includes(method)))
    throw methodNotAllowed(method)
  if (isNear && strange.length === 1) refuseLone(strange[0]!, request)
  // No subresource has a HEAD, and some of a key's have no GET.
  const isRead =
    method === 'HEAD' || (method === 'GET' && address === OBJECT && WRITTEN.has(strange[0] ?? ''))
  if (isRead && strange.length > 0) throw methodNotAllowed(method)
  const level = address === OBJECT ? 'Object' : 'Bucket'
  const hasId = query.has('id')
  const [name] = strange.flatMap(
    (subresource) => operationNamed(unsupported, { method, level, subresource, hasId }) ?? [],
  )
  if (method === 'POST' && isForm(headers)) throw methodNotAllowed(method)
  throw notImplementedFeature(
    name ??
      query.get('x-id') ??
      [method, address ?? path, ...strange.map((member) => `?${member}`)].join(' '),
  )
}

const WRITTEN: ReadonlySet<string> = new Set([
  ...['delete', 'encryption', 'renameObject', 'restore', 'select', 'uploads'],
])

/** What S3 says of a query member that an operation does not take; nothing for what names another operation. */
function refuseLone(member: string, { method, query, address }: Unmatched): void {
  if (member === 'versionId') throw noVersionHere(query.get(member)!)
  if (method !== 'PUT' || address !== OBJECT) return
  if (member === 'partNumber') throw partWithoutUpload()
  if (member === 'uploadId') throw methodNotAllowed(method)
}

const noVersionHere = (versionId: string) =>
  invalidArgument('This operation does not accept a version-id.', 'versionId', versionId)
/** What AWS gives as the value is the argument's name again. */
const partWithoutUpload = () =>
  invalidArgument('This operation does not accept partNumber without uploadId', 'partNumber', 'partNumber')

/** How the names of AWS's operations begin, by method. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  GET: ['Get', 'Create'],
  PUT: ['Put', 'Update'],
  POST: ['Create'],
  DELETE: ['Delete'],
}

interface Addressed {
  readonly method: string
  readonly level: 'Bucket' | 'Object'
  readonly subresource: string
  /** One of many is meant, by `?id=`. */
  readonly hasId: boolean
}

/**
 * AWS's name for what a method does to a subresource, if it is among `names`: GET ?acl on a bucket is GetBucketAcl,
 * PUT ?object-lock is PutObjectLockConfiguration, POST ?restore is RestoreObject.
 */
function operationNamed(
  names: readonly string[],
  { method, level, subresource, hasId }: Addressed,
): string | undefined {
  const noun = subresource.replaceAll('-', '')
  const actions = [level + noun, noun]
    .flatMap((object) => [object, `${object}Configuration`])
    .flatMap((object) => (VERBS[method] ?? []).map((verb) => verb + object))
  const lists = method === 'GET' && !hasId ? [`List${level}${noun}Configurations`] : []
  const wanted = [...lists, ...actions, noun, noun + level, `${noun + level}Content`]
  const known = new Map(names.map((name) => [name.toLowerCase(), name]))
  return wanted.map((name) => known.get(name.toLowerCase())).find((name) => name !== undefined)
}
