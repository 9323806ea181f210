import { isAbsolute } from 'node:path'
import { parseDuration } from '../../clock/duration.ts'
import { ServiceException } from '../../service/exception.ts'
import type { OwnAnswer } from '../../wire/own-routes.ts'
import { ofServer } from '../asks.ts'
import type { ApiPorts, Scoped } from '../ports.ts'
import { badRequest, iso, json, jsonBody, type Route } from './route.ts'

/** The server as a whole: health, metrics, clock, cost, backup, verification, reset. */
export const serverRoutes = (ports: ApiPorts): readonly Route[] => [
  // An orchestrator must not end a server for what it can live with: health tells, ready decides.
  [
    'GET',
    /^\/_standpipe\/health$/,
    'nothing',
    async (_match, request) => json(await shownHealth(ports, request)),
  ],
  ['GET', /^\/_standpipe\/ready$/, 'nothing', (_match, request) => readyAnswer(ports, request)],
  ['GET', /^\/_localstack\/health$/, 'nothing', (_match, request) => localstackHealth(ports, request)],
  [
    'GET',
    /^\/_standpipe\/metrics$/,
    ports.access.hasOpenMetrics ? 'nothing' : ofServer('GetMetrics'),
    async () => text(await ports.metrics()),
  ],
  ['GET', /^\/_standpipe\/ca\.pem$/, 'nothing', () => authorityAnswer(ports)],
  ['GET', /^\/_standpipe\/api\/clock$/, ofServer('GetClock'), () => json(shownClock(ports))],
  [
    'POST',
    /^\/_standpipe\/api\/clock\/advance$/,
    ofServer('AdvanceClock'),
    async (_match, request) => {
      const { by } = await jsonBody(request)
      const durationMs = typeof by === 'string' || typeof by === 'number' ? parseDuration(by) : undefined
      if (durationMs === undefined) throw badRequest('by is a duration such as "5m", "90s" or "1h30m".')
      return json({ now: iso(await ports.advance(durationMs)) })
    },
  ],
  ['GET', /^\/_standpipe\/api\/policies$/, ofServer('GetStatus'), async () => json(await ports.policies())],
  ['GET', /^\/_standpipe\/api\/cost$/, ofServer('GetCost'), () => json(ports.cost())],
  [
    'POST',
    /^\/_standpipe\/api\/backup$/,
    ofServer('BackUp'),
    async (_match, request) => {
      const { directory, withKeys = false } = await jsonBody(request)
      if (typeof directory !== 'string' || !isAbsolute(directory))
        throw badRequest('directory is an absolute path on the machine of the server.')
      if (typeof withKeys !== 'boolean') throw badRequest('withKeys is true or false.')
      return json(await ports.backUp(directory, withKeys))
    },
  ],
  ['POST', /^\/_standpipe\/api\/verify$/, ofServer('Verify'), async () => json(await ports.verify())],
  [
    'POST',
    /^\/_standpipe\/api\/reset$/,
    ofServer('Reset'),
    async () => {
      await ports.reset()
      return json({})
    },
  ],
]

/** The budget: `GET`, and `POST` with `{"usd": 5}`, `{"usd": 5, "webhook": "https://…"}` or `{"usd": null}`. */
export const budgetRoutes = ({ budget }: Pick<ApiPorts, 'budget'>): readonly Route[] => [
  ['GET', /^\/_standpipe\/api\/budget$/, ofServer('GetBudget'), async () => json(await budget.view())],
  [
    'POST',
    /^\/_standpipe\/api\/budget$/,
    ofServer('PutBudget'),
    async (_match, request) => {
      const { usd, webhook } = await jsonBody(request)
      if (!isAmount(usd)) throw badRequest('usd is a number above 0, or null for no budget.')
      if (!isWebhook(webhook)) throw badRequest('webhook is a URL, or null for none.')
      await budget.set({ usd, webhook })
      return json(await budget.view())
    },
  ],
]

/** Everybody may know whether it serves; the rest is for who may ask for it. */
async function shownHealth(ports: ApiPorts, request: Scoped) {
  const health = await ports.health()
  const isAllowed = await ports.access.isAllowed(request, [{ action: 'GetStatus', of: 'server' }])
  return isAllowed ? health : { status: health.status }
}

function shownClock({ now, moving }: ApiPorts) {
  const move = moving()
  return { now: iso(now()), ...(move && { moving: { from: iso(move.from), to: iso(move.to) } }) }
}

async function readyAnswer(ports: ApiPorts, request: Scoped): Promise<OwnAnswer> {
  const health = await shownHealth(ports, request)
  return json(health, health.status === 'failing' ? 503 : 200)
}

/** So that waits written for LocalStack work unchanged. */
async function localstackHealth(ports: ApiPorts, request: Scoped): Promise<OwnAnswer> {
  const { status, ...more } = await shownHealth(ports, request)
  const services = Object.fromEntries(
    ['firehose', 'iam', 'kinesis', 's3', 'sts'].map((name) => [
      name,
      status === 'failing' ? 'error' : 'running',
    ]),
  )
  return json(
    { services, edition: 'standpipe', ...('version' in more && { version: more.version }) },
    status === 'failing' ? 503 : 200,
  )
}

/** It is no secret: every client that connects by TLS is shown it. */
function authorityAnswer({ authority }: Pick<ApiPorts, 'authority'>): OwnAnswer {
  const pem = authority()
  if (pem === undefined)
    throw new ServiceException(
      'NotFound',
      'The certificate of --tls-cert is served: its own authority is the one to trust.',
      404,
    )
  return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: pem }
}

const text = (body: string): OwnAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain; version=0.0.4' },
  body,
})

const isAmount = (usd: unknown): usd is number | null =>
  usd === null || (typeof usd === 'number' && Number.isFinite(usd) && usd > 0)

const isWebhook = (webhook: unknown): webhook is string | null | undefined =>
  webhook === undefined || webhook === null || typeof webhook === 'string'
