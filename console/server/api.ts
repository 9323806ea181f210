import type {
  ByteRangeView,
  DeliveryStreamView,
  LabStepView,
  OriginView,
  Overview,
  RecordPage,
  ShardView,
} from '../../src/api/views.ts'
import { ROOT } from '../router.ts'
import { endSession, session } from './session.ts'

/** An exception of AWS's, or of Standpipe's own API. */
export class ApiError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
  }
}

export const textOf = (failure: unknown): string =>
  failure instanceof ApiError ? `${failure.code}: ${failure.message}` : String(failure)

type Query = Readonly<Record<string, string | number | undefined>>

export function apiHref(path: string, query: Query = {}): string {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString()
  return `${ROOT}api/${path}${text && `?${text}`}`
}

/** What is answered to somebody whom the server does not know. */
const NOT_SIGNED_IN = 'MissingAuthenticationTokenException'

interface Asked {
  readonly href: string
  readonly init?: RequestInit
}

/** The answer, if it is one. Throws ApiError; without a session, the page asks for a key then. */
async function ask({ href, init = {} }: Asked): Promise<Response> {
  const then = session.peek()
  const response = await fetch(href, init)
  if (response.ok || response.status === 304) return response
  const failure = await response.json().catch(() => ({}))
  const { code = String(response.status), message = response.statusText } = failure
  if (code === NOT_SIGNED_IN || response.status === 401) endSession(then)
  throw new ApiError(code, message)
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await ask({ href: apiHref(path, query), ...(signal && { init: { signal } }) })).json()
}

export async function post<T>(path: string, body: object = {}): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  return (await ask({ href: apiHref(path), init })).json()
}

export async function remove<T>(path: string): Promise<T> {
  return (await ask({ href: apiHref(path), init: { method: 'DELETE' } })).json()
}

/** An operation of AWS's, with its own members and exceptions. */
export const aws = <T = unknown>(
  service: 'kinesis' | 'firehose' | 's3',
  operation: string,
  input: object = {},
): Promise<T> => post<T>(`aws/${service}/${operation}`, input)

interface Looked {
  /** What to say was seen at the next look. */
  readonly tag: string
  /** The server's clock, ms since 1970. */
  readonly now: number
  /** Undefined: it is what was seen. */
  readonly changed: Overview | undefined
}

/** The overview, if it is another one than what was `seen`. */
export async function changedOverview(
  search: string,
  seen: string | undefined,
  signal: AbortSignal,
): Promise<Looked> {
  const headers = { 'if-none-match': seen ?? '"none"' }
  const answer = await ask({
    href: apiHref('overview', { search: search || undefined }),
    init: { headers, signal },
  })
  return {
    tag: answer.headers.get('etag') ?? '"none"',
    now: Number(answer.headers.get('x-standpipe-now')),
    changed: answer.status === 304 ? undefined : await answer.json(),
  }
}

export const shardsOf = async (stream: string): Promise<readonly ShardView[]> =>
  (await get<{ shards: ShardView[] }>(`streams/${stream}/shards`)).shards

export const recordsOf = (
  stream: string,
  wanted: { from: string; shard?: string | undefined; limit?: number; tail?: 'true'; raw?: 'true' },
  signal?: AbortSignal,
): Promise<RecordPage> => get<RecordPage>(`streams/${stream}/records`, wanted, signal)

export const originOf = async (bucket: string, key: string): Promise<OriginView | undefined> =>
  (await get<{ origin: OriginView | null }>('objects/origin', { bucket, key })).origin ?? undefined

export const byteRangeOf = (bucket: string, key: string, shard: string, position: number) =>
  get<ByteRangeView>('objects/byte-range', { bucket, key, shard, position })

export const labSteps = async (signal: AbortSignal): Promise<readonly LabStepView[]> =>
  (await get<{ steps: LabStepView[] }>('lab', {}, signal)).steps

/** The first bytes of an object, and how many it has in all. */
export async function objectStart(
  object: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
  limit: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; sizeBytes: number }> {
  const headers = { range: `bytes=0-${limit - 1}` }
  try {
    const response = await ask({ href: apiHref('objects', object), init: { headers } })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
    return { bytes, sizeBytes: total === undefined ? bytes.length : Number(total) }
  } catch (failure) {
    // An empty object has no first byte.
    if (failure instanceof ApiError && failure.code === 'InvalidRange')
      return { bytes: new Uint8Array(), sizeBytes: 0 }
    throw failure
  }
}

export const advance = (by: string): Promise<{ now: string }> => post('clock/advance', { by })

export const deliverNow = (name: string) =>
  post<{ objects: { bucket: string; key: string; records: number }[] }>(`delivery-streams/${name}/deliver`)

export const deleteDeliveryStream = ({ name, channel }: Pick<DeliveryStreamView, 'name' | 'channel'>) =>
  channel
    ? aws('kinesis', 'DeleteChannel', { ChannelARN: channel.arn })
    : aws('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: name })
