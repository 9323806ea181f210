/**
 * Standpipe's own HTTP API under `/_standpipe/`: JSON, stable, the same for the CLI, the console and tests.
 * An error is a status ≥ 400 with `{ code, message }`.
 */
import { parseDuration } from './clock/duration.ts'
import { ServiceException } from './service/exception.ts'
import { isAnswer } from './service/invoke.ts'
import type { OwnAnswer, OwnRequest, OwnRoutes } from './wire/own-routes.ts'

/** What the API shows and does; start.ts hands it over. */
export interface ApiPorts {
  health(): Promise<{ readonly status: 'ok' | 'failing' } & Record<string, unknown>>
  metrics(): string
  /** Resolves with the time it then is, ms since 1970. */
  advance(durationMs: number): Promise<number>
  now(): number
  deliver(name: string, query: URLSearchParams): Promise<unknown>
  deliveryStream(name: string, query: URLSearchParams): Promise<unknown>
  landed(query: URLSearchParams): Promise<unknown>
  cost(): unknown
  reset(): Promise<void>
}

type Handler = (match: RegExpExecArray, request: OwnRequest) => Promise<OwnAnswer> | OwnAnswer

export function createApi(ports: ApiPorts): OwnRoutes {
  const routes: readonly [method: string, path: RegExp, handler: Handler][] = [
    ['GET', /^\/_standpipe\/(?:health|ready)$/, () => healthAnswer(ports)],
    ['GET', /^\/_localstack\/health$/, () => localstackHealth(ports)],
    ['GET', /^\/_standpipe\/metrics$/, () => text(ports.metrics())],
    ['GET', /^\/_standpipe\/api\/clock$/, () => json({ now: iso(ports.now()) })],
    [
      'POST',
      /^\/_standpipe\/api\/clock\/advance$/,
      async (_match, request) => {
        const { by } = await jsonBody(request)
        const durationMs = typeof by === 'string' || typeof by === 'number' ? parseDuration(by) : undefined
        if (durationMs === undefined) throw badRequest('by is a duration such as "5m", "90s" or "1h30m".')
        return json({ now: iso(await ports.advance(durationMs)) })
      },
    ],
    [
      'POST',
      /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)\/deliver$/,
      async ([, name = ''], { query }) => json(await ports.deliver(name, query)),
    ],
    [
      'GET',
      /^\/_standpipe\/api\/delivery-streams\/([\w.-]+)$/,
      async ([, name = ''], { query }) => json(await ports.deliveryStream(name, query)),
    ],
    ['GET', /^\/_standpipe\/api\/landed$/, async (_match, { query }) => json(await ports.landed(query))],
    ['GET', /^\/_standpipe\/api\/cost$/, () => json(ports.cost())],
    [
      'POST',
      /^\/_standpipe\/api\/reset$/,
      async () => {
        await ports.reset()
        return json({})
      },
    ],
  ]

  return async (request) => {
    const fitting = routes.filter(([, path]) => path.test(request.path))
    const route = fitting.find(([method]) => method === request.method)
    if (!route)
      return fitting.length > 0 ? failed('MethodNotAllowed', `Not with ${request.method}.`, 405) : undefined
    if (isForeign(request)) return failed('Forbidden', 'This page is not allowed to call Standpipe.', 403)
    try {
      return await route[2](route[1].exec(request.path)!, request)
    } catch (failure) {
      if (!isAnswer(failure)) throw failure
      return failed(failure.code, failure.message, failure.status)
    }
  }
}

/** A web page of another origin must not move the clock or reset the server behind its reader's back. */
function isForeign({ method, headers }: OwnRequest): boolean {
  const origin = headers.get('origin')
  return method !== 'GET' && origin !== undefined && !origin.endsWith(`//${headers.get('host')}`)
}

async function healthAnswer(ports: ApiPorts): Promise<OwnAnswer> {
  const health = await ports.health()
  return json(health, health.status === 'ok' ? 200 : 503)
}

/** So that waits written for LocalStack work unchanged. */
async function localstackHealth(ports: ApiPorts): Promise<OwnAnswer> {
  const { status, version } = await ports.health()
  const services = Object.fromEntries(
    ['firehose', 'kinesis', 's3', 'sts'].map((name) => [name, status === 'ok' ? 'running' : 'error']),
  )
  return json({ services, edition: 'standpipe', version }, status === 'ok' ? 200 : 503)
}

async function jsonBody(request: OwnRequest): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(await request.body()).toString() || '{}')
  } catch {
    throw badRequest('The body is not JSON.')
  }
}

const badRequest = (message: string) => new ServiceException('BadRequest', message)
const iso = (time: number) => new Date(time).toISOString()
const json = (value: unknown, status = 200): OwnAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
})
const text = (body: string): OwnAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; version=0.0.4' },
  body,
})
const failed = (code: string, message: string, status: number) => json({ code, message }, status)
