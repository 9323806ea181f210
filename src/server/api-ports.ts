import type { ApiPorts, ConsolePorts } from '../api/ports.ts'
import type { MovableClock } from '../clock/clock.ts'
import { landedAt, type RecordQuery } from '../insight/landed-at.ts'
import { madeOf } from '../insight/made-of.ts'
import { receipt } from '../metrics/cost.ts'
import { US_EAST_1 } from '../metrics/prices.ts'
import { problemsText, prometheusText } from '../metrics/prometheus.ts'
import { ServiceException } from '../service/exception.ts'
import { limitsOf, type Settings } from './config.ts'
import type { Core } from './core.ts'
import { VERSION } from './package-version.ts'
import { backUp } from './stored-data.ts'
import { verifyAll } from './verify.ts'

/** Of them health shows; their number tells whether there are more. */
const MOST_PROBLEMS = 100

interface PortsOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  /** That of the moment: a reset makes a new one. */
  readonly core: () => Core
  readonly advance: (durationMs: number) => Promise<number>
  readonly reset: () => Promise<void>
  readonly console: ConsolePorts
}

/** What our own HTTP API shows and does, of this server. */
export function apiPorts(options: PortsOptions): ApiPorts {
  const { settings, clock, core, advance, reset, console } = options
  const { account, region, ephemeral, data, s3Endpoint } = settings
  const scopeOf = console.scope
  return {
    async health() {
      const { engine, problems, services } = core()
      const canServe = await engine.checkHealth().then(
        () => true,
        () => false,
      )
      const known = problems.list()
      return {
        status: canServe ? (known.length === 0 ? 'ok' : 'degraded') : 'failing',
        problems: known
          .slice(0, MOST_PROBLEMS)
          .map(({ since, ...problem }) => ({ ...problem, since: new Date(since).toISOString() })),
        problemCount: known.length,
        version: VERSION,
        account,
        region,
        clock: { mode: clock.mode, now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs() },
        limits: limitsOf(settings),
        durable: !ephemeral,
        ...(!ephemeral && { dataDir: data }),
        ...(s3Endpoint !== undefined && { s3Endpoint }),
        services: [...new Set(services.bound.map(({ service }) => service.signingName))],
      }
    },
    metrics: () => prometheusText(core().meters.metrics()) + problemsText(core().problems.list()),
    now: clock.now,
    advance(durationMs) {
      if (settings.timeTravel) return advance(durationMs)
      throw new ServiceException('TimeTravelRefused', 'This server was started with --no-time-travel.', 403)
    },
    deliver(name, query) {
      const scope = scopeOf(query)
      return core().services.delivery.deliverNow(scope.account, scope.region, name)
    },
    deliveryStream(name, query) {
      const scope = scopeOf(query)
      return core().services.delivery.status(scope.account, scope.region, name)
    },
    async landed(query) {
      const [bucket, key] = [query.get('bucket'), query.get('key')]
      if (bucket !== null && key !== null) return { object: await madeOf(core().services, { bucket, key }) }
      const landed = await landedAt(core().services, scopeOf(query), recordQueryOf(query))
      return { now: clock.now(), landed }
    },
    budget: {
      view: () => core().budget.view(),
      set: (budget) => core().budget.set(budget),
    },
    cost: () => receipt(core().meters.usage(clock.now()), US_EAST_1),
    verify: () => verifyAll(core().engine, core().problems, console.closing),
    backUp: (directory) => backUp(core().engine, directory),
    reset,
    console,
  }
}

function recordQueryOf(query: URLSearchParams): RecordQuery {
  const [recordId, stream, sequenceNumber] = ['recordId', 'stream', 'sequenceNumber'].map((name) =>
    query.get(name),
  )
  if (recordId) return { recordId }
  if (stream && sequenceNumber) return { stream, sequenceNumber }
  throw new ServiceException(
    'BadRequest',
    'Say stream and sequenceNumber as PutRecord answered it, or recordId; or bucket and key of an object.',
  )
}
