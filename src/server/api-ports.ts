import type { AccessPort, ApiPorts, ConsolePorts, RecordsWanted, Scope } from '../api/ports.ts'
import type { MovableClock } from '../clock/clock.ts'
import { ClockEnd } from '../clock/moves.ts'
import { systemRandom } from '../clock/random.ts'
import type { createAskedElsewhere } from '../insight/asked-elsewhere.ts'
import { backlogMetrics } from '../insight/backlog-metrics.ts'
import { pictureWithMoves, withMoves } from '../insight/clock-moves.ts'
import type { LabChecklist } from '../insight/lab-checklist.ts'
import { notificationMetrics, notificationsOf, ownNotifications } from '../insight/notifications.ts'
import { pipelineOf } from '../insight/overview.ts'
import { createSharedOverview, createSharedPages, type Drawn } from '../insight/shared/shared-answers.ts'
import { storedPolicies } from '../insight/stored-policies.ts'
import { recordsOf, shardsOf } from '../insight/stream-records.ts'
import { byteRangeOf, landedAt, madeOf, originOf, type RecordQuery } from '../insight/tracing.ts'
import { receipt } from '../metrics/cost.ts'
import { familiesText } from '../metrics/family.ts'
import { US_EAST_1 } from '../metrics/prices.ts'
import { problemsText, prometheusText } from '../metrics/prometheus.ts'
import { spaceText } from '../metrics/space-text.ts'
import { worstProblems } from '../metrics/worst-problems.ts'
import { ServiceException } from '../service/exception.ts'
import { limitsOf, type Settings } from './config.ts'
import type { Core } from './core.ts'
import { VERSION } from './package-version.ts'
import { scopeOf } from './scope.ts'
import { setQuota } from './set-quota.ts'
import { backUp } from './stored-data.ts'
import { verifyAll } from './verify.ts'

/** Of them health and the overview show; their number tells whether there are more. */
const MOST_PROBLEMS = 100

interface PortsOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  /** That of the moment: a reset makes a new one. */
  readonly core: () => Core
  readonly advance: (durationMs: number) => Promise<number>
  readonly reset: () => Promise<void>
  readonly access: AccessPort
  readonly elsewhere: Elsewhere
  readonly console: ConsolePorts
  /** What comes and goes on the port, as Prometheus text. */
  readonly trafficMetrics: () => string
  /** PEM of the authority that clients are told to trust, where it is our own. */
  readonly authority: () => string | undefined
}

type Elsewhere = Pick<ReturnType<typeof createAskedElsewhere>, 'list'>

/** What our own HTTP API shows and does, of this server. */
export function apiPorts(options: PortsOptions): ApiPorts {
  const { clock, core, reset, authority, access, console, trafficMetrics } = options
  return {
    health: () => healthOf(options),
    async metrics() {
      const { meters, problems, services, space } = core()
      const backlogs = familiesText(backlogMetrics(services.delivery.backlogs()))
      const usage = prometheusText(meters.metrics()) + problemsText(problems)
      const notifications = familiesText(await notificationMetrics(services, clock.now()))
      return usage + backlogs + notifications + trafficMetrics() + spaceText(await space.view())
    },
    space: {
      view: () => core().space.view(),
      setQuota: (request, place, quotaBytes) =>
        setQuota(core().services, scopeOf(request), place, quotaBytes),
    },
    notifications: {
      view: (request, bucket) =>
        notificationsOf(core().services, { bucket, account: scopeOf(request).account }),
      async settle(request, settling) {
        const { services } = core()
        const own = { bucket: settling.bucket, account: scopeOf(request).account }
        await ownNotifications(services, own)
        return await services.notifying.settle({ ...settling, ...own })
      },
    },
    authority,
    now: clock.now,
    moving: clock.moving,
    advance: advancing(options),
    deliver(name, request) {
      const scope = scopeOf(request)
      return core().services.delivery.deliverNow(scope.account, scope.region, name)
    },
    deliveryStream(name, request) {
      const scope = scopeOf(request)
      return core().services.delivery.status(scope.account, scope.region, name)
    },
    async landed(request) {
      const { query } = request
      const [bucket, key] = [query.get('bucket'), query.get('key')]
      if (bucket !== null && key !== null) return { object: await madeOf(core().services, { bucket, key }) }
      const landed = await landedAt(core().services, scopeOf(request), recordQueryOf(query))
      return { now: clock.now(), landed }
    },
    budget: {
      view: () => core().budget.view(),
      set: (budget) => core().budget.set(budget),
    },
    cost: () => receipt(core().meters.usage(clock.now()), US_EAST_1),
    verify: () => verifyAll(core().engine, core().problems, console.closing),
    policies: async () => ({
      stored: await storedPolicies(core().engine.metadata),
      enforced: core().restored.arePoliciesEnforced,
    }),
    backUp: (directory, withKeys) => backUp(core().engine, directory, { withKeys }),
    reset,
    access,
    console,
  }
}

/** Refuses in an answer's words what the clock cannot do, or was kept from. */
const advancing =
  ({ settings, clock, advance, console: { closing } }: PortsOptions): ApiPorts['advance'] =>
  async (durationMs) => {
    if (!settings.timeTravel)
      throw new ServiceException('TimeTravelRefused', 'This server was started with --no-time-travel.', 403)
    try {
      return await advance(durationMs)
    } catch (error) {
      if (error instanceof ClockEnd) throw new ServiceException('ClockEnd', error.message)
      if (!closing.aborted) throw error
      const now = new Date(clock.now()).toISOString()
      throw new ServiceException('ServiceUnavailable', `The server stops: the clock came to ${now}.`, 503)
    }
  }

async function healthOf({
  core,
  settings,
  clock,
  elsewhere,
  access,
}: PortsOptions): ReturnType<ApiPorts['health']> {
  const { account, region, ephemeral, data, s3Endpoint } = settings
  const { engine, problems, services } = core()
  await services.quotas.reconsider()
  const takesAll = await engine.checkHealth().then(
    () => engine.refusal() === undefined,
    () => false,
  )
  const known = problems.list()
  const worst = worstProblems(known, MOST_PROBLEMS)
  return {
    status: takesAll ? (known.length === 0 ? 'ok' : 'degraded') : 'failing',
    problems: worst.problems.map(({ since, ...problem }) => ({
      ...problem,
      since: new Date(since).toISOString(),
    })),
    problemCount: known.length,
    unlistedProblems: worst.unlisted,
    hints: elsewhere.list(account).map(({ what }) => what),
    access: access.mode,
    isExposed: access.isExposed,
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

interface ConsoleOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  readonly core: () => Core
  readonly lab: LabChecklist
  readonly elsewhere: Elsewhere
  readonly access: Pick<AccessPort, 'mode'>
  readonly closing: AbortSignal
}

/** What the console shows of this server. */
export function consolePorts(options: ConsoleOptions): ConsolePorts {
  const { settings, clock, core, lab, access, elsewhere, closing } = options
  const kinesis = () => core().services.kinesis
  const isFrozen = clock.mode === 'manual'
  const offsetMs = () => (isFrozen ? 0 : clock.offsetMs())
  const draw = async (scope: Scope, search: string): Promise<Drawn> => {
    const { documents, services, meters, problems } = core()
    const sources = { documents, delivery: services.delivery, counters: meters.metrics() }
    const { isPassing, ...picture } = await pipelineOf(sources, { scope, search, now: clock.now() })
    // They are the server's as a whole, and name what is other accounts'.
    const isShown = access.mode === 'open' || scope.account === settings.account
    const known = isShown ? problems.list() : []
    const worst = worstProblems(known, MOST_PROBLEMS)
    const overview = {
      clock: { mode: clock.mode, offsetMs: offsetMs(), timeTravel: settings.timeTravel },
      ...scope,
      access: access.mode,
      version: VERSION,
      durable: !settings.ephemeral,
      ...(settings.s3Endpoint !== undefined && { s3Endpoint: settings.s3Endpoint }),
      ...picture,
      deliveryStreams: pictureWithMoves(picture.deliveryStreams, await documents.clockMoves()),
      problems: worst.problems,
      problemCount: known.length,
      unlistedProblems: worst.unlisted,
      hints: elsewhere.list(scope.account).map(({ what }) => what),
    }
    return { isPassing, overview }
  }
  /** A reset makes a new core, whose counts begin anew; the former one is not held. */
  const lives = new WeakMap<Core, number>()
  let begun = 0
  const version = () => {
    const current = core()
    const life = lives.get(current) ?? begun++
    lives.set(current, life)
    const { documents, services, meters, problems } = current
    const counts = [documents, services.delivery, meters, problems].map(({ changes }) => changes())
    const hints = elsewhere.list(settings.account).map(({ what }) => what)
    return [life, ...counts, ...hints, isFrozen ? clock.now() : offsetMs()].join()
  }
  const name = systemRandom.uuid().slice(0, 8)
  const overview = createSharedOverview({ draw, version, now: clock.now, isFrozen, name })
  const share = createSharedPages()
  const records = async (scope: Scope, streamName: string, wanted: RecordsWanted) => {
    const page = await recordsOf(kinesis(), scope, streamName, wanted)
    if (page.records.length > 0) lab.tick(scope, 'record-read')
    return page
  }
  return {
    closing,
    overview,
    scope: scopeOf,
    services: () => core().services.bound,
    shards: (scope, streamName) => shardsOf(kinesis(), scope, streamName),
    records,
    tail: (scope, streamName, wanted, maxAgeMs) =>
      share(JSON.stringify([scope, streamName, wanted]), maxAgeMs, () => records(scope, streamName, wanted)),
    async origin(object) {
      const origin = await originOf(core().services.delivery, object)
      const moves = await core().documents.clockMoves()
      return origin && { ...origin, delivery: withMoves(origin.delivery, moves) }
    },
    byteRange: (object, record) => byteRangeOf(core().services.delivery, object, record),
    lab: async (scope) => lab.steps(scope, (await overview(scope, '', 0)).overview),
  }
}
