import { isAbsolute } from 'node:path'
import { parseDuration } from '../../clock/duration.ts'
import type { OwnAnswer } from '../../wire/own-routes.ts'
import type { ApiPorts } from '../ports.ts'
import { badRequest, iso, json, jsonBody, type Route } from './route.ts'

/** The server as a whole: health, metrics, clock, cost, backup, verification, reset. */
export const serverRoutes = (ports: ApiPorts): readonly Route[] => [
  // An orchestrator must not end a server for what it can live with: health tells, ready decides.
  ['GET', /^\/_standpipe\/health$/, async () => json(await ports.health())],
  ['GET', /^\/_standpipe\/ready$/, () => readyAnswer(ports)],
  ['GET', /^\/_localstack\/health$/, () => localstackHealth(ports)],
  ['GET', /^\/_standpipe\/metrics$/, () => text(ports.metrics())],
  ['GET', /^\/_standpipe\/api\/clock$/, () => json({ now: iso(ports.now()) })],
  [
    'POST',
    /^\/_standpipe\/api\/clock\/advance$/,
    async (_match, request) => {
      const { by } = await jsonBody(request)
      const durationMs = typeof by === 'string' || typeof by === 'number' ? parseDuration(by) : undefined
      if (durationMs === undefined)
        throw badRequest('by is a duration such as "5m", "90s" or "1h30m", 366 days at most.')
      return json({ now: iso(await ports.advance(durationMs)) })
    },
  ],
  ['GET', /^\/_standpipe\/api\/cost$/, () => json(ports.cost())],
  [
    'POST',
    /^\/_standpipe\/api\/backup$/,
    async (_match, request) => {
      const { directory } = await jsonBody(request)
      if (typeof directory !== 'string' || !isAbsolute(directory))
        throw badRequest('directory is an absolute path on the machine of the server.')
      return json(await ports.backUp(directory))
    },
  ],
  ['POST', /^\/_standpipe\/api\/verify$/, async () => json(await ports.verify())],
  [
    'POST',
    /^\/_standpipe\/api\/reset$/,
    async () => {
      await ports.reset()
      return json({})
    },
  ],
]

async function readyAnswer(ports: ApiPorts): Promise<OwnAnswer> {
  const health = await ports.health()
  return json(health, health.status === 'failing' ? 503 : 200)
}

/** So that waits written for LocalStack work unchanged. */
async function localstackHealth(ports: ApiPorts): Promise<OwnAnswer> {
  const { status, version } = await ports.health()
  const services = Object.fromEntries(
    ['firehose', 'kinesis', 's3', 'sts'].map((name) => [name, status === 'failing' ? 'error' : 'running']),
  )
  return json({ services, edition: 'standpipe', version }, status === 'failing' ? 503 : 200)
}

const text = (body: string): OwnAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; version=0.0.4' },
  body,
})
