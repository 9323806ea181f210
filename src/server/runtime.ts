import { fileURLToPath } from 'node:url'
import { createApi } from '../api/api.ts'
import { createConsole } from '../api/pages.ts'
import type { Scope } from '../api/ports.ts'
import type { Credentials } from '../auth/credentials.ts'
import type { MovableClock } from '../clock/clock.ts'
import { systemRandom } from '../clock/random.ts'
import type { ErrorLogRecord } from '../firehose/destinations/error-log.ts'
import { createAskedElsewhere } from '../insight/asked-elsewhere.ts'
import type { Deliveries, ShownLanded } from '../insight/deliveries.ts'
import { createLabChecklist, type LabChecklist } from '../insight/lab-checklist.ts'
import { landedAt, type MadeOf, madeOf, type RecordQuery } from '../insight/tracing.ts'
import type { Observer } from '../service/invoke.ts'
import type { Handler as WireHandler } from '../wire/exchange.ts'
import { listen } from '../wire/listener.ts'
import type { OwnRoutes } from '../wire/own-routes.ts'
import { createWire } from '../wire/wire.ts'
import { principalsOf } from './access/identities.ts'
import { type Access, type AccessView, openAccess } from './access/open-access.ts'
import { apiPorts, consolePorts } from './api-ports.ts'
import { servedCertificate } from './certificates/served-certificate.ts'
import type { Settings } from './config.ts'
import { type Core, openCore, openCurrentCore, type Restored } from './core.ts'
import { moveClock } from './documents/saved-clock.ts'
import { type Log, unexpectedErrors } from './log.ts'
import { createTraffic, type Traffic } from './port/traffic.ts'
import { refusingOwn } from './room/refusing-writes.ts'

export interface RuntimeOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  readonly log: Log
  /** The keys that are taken; without them any are, in open mode. */
  readonly credentials?: Credentials | undefined
}

/** A server on its port. */
export interface Runtime {
  readonly port: number
  readonly restored: Restored
  /** Resolves with the time it then is, ms since 1970. */
  advance(durationMs: number): Promise<number>
  deliver: Deliveries['deliverNow']
  landed(scope: Scope, query: RecordQuery): Promise<ShownLanded[]>
  madeOf(object: { readonly bucket: string; readonly key: string }): Promise<MadeOf>
  reset(): Promise<void>
  /** Reads the key file again, and goes on in the access log that then has the name. */
  reread(): Promise<void>
  /** Who gets in, and by how many keys. */
  readonly access: AccessView
  close(): Promise<void>
}

/** Beside src/ and dist/ alike. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../../dist-console/', import.meta.url))

const reportTo =
  (log: Log) =>
  ({ message, ...fields }: ErrorLogRecord) =>
    log.warn(`delivery failed: ${message}`, { ...fields })

export async function openRuntime({ settings, clock, log, credentials }: RuntimeOptions): Promise<Runtime> {
  const onError = unexpectedErrors(log)
  const machineNow = () => clock.now() - clock.offsetMs()
  const access = await openAccess({
    ...{ settings, given: credentials, log, machineNow },
    services: () => core().services,
    problems: () => core().problems,
  })
  const { gate, keptKeys } = access
  const traffic = createTraffic({ settings, problems: () => core().problems })
  const lab = createLabChecklist(clock.now)
  const elsewhere = elsewhereOf(() => core().documents, clock, log)
  const closing = new AbortController()
  const observe = observerOf({ lab, access, elsewhere })
  const shared = { settings, clock, observe, report: reportTo(log), log, onError, gate, keptKeys }
  const opening = openCurrentCore({
    open: (erase) => openCore({ ...shared, erase }),
    beforeErasing: ({ engine }) => keptKeys.keep(engine),
  })
  const current = await orEnd(opening, access.close)
  const core = current.now
  const endAll = () => current.close().then(access.close)
  const shownAs = servedCertificate({ settings, engine: () => core().engine, machineNow, log })
  const certificate = await orEnd(shownAs, endAll)
  const advance = (durationMs: number) =>
    current.change(({ engine }) => moveClock(engine.metadata, clock, durationMs, closing.signal))
  const reset = async () => {
    await current.reset()
    lab.clear()
    elsewhere.clear()
    handle = wireOf(core())
    await certificate.moved()
  }
  const known = { settings, clock, core, elsewhere, access: gate.access, trafficMetrics: traffic.metrics }
  const { authority } = certificate
  const shown = consolePorts({ ...known, lab, closing: closing.signal })
  const ownRoutes = withPages(createApi(apiPorts({ ...known, advance, reset, authority, console: shown })))
  const wireOf = wiring({ settings, machineNow, access, ownRoutes, traffic, onError: unexpectedErrors(log) })
  let handle = wireOf(core())
  try {
    const listener = await listen({
      ...traffic.bounds,
      host: settings.host,
      port: settings.port,
      tls: certificate.now(),
      handle: (request, response) => handle(request, response),
      onError,
    })
    traffic.opened(listener)
    certificate.watch(listener.renewTls)
    return {
      ...asked(core),
      ...{ port: listener.port, restored: core().restored, advance, reset, reread: access.reread },
      access: await access.view(core().engine.metadata),
      async close() {
        const closed = listener.close()
        closing.abort()
        certificate.close()
        core().services.endSubscriptions()
        await closed
        await endAll()
      },
    }
  } catch (error) {
    await endAll()
    throw error
  }
}

const elsewhereOf = (documents: () => Core['documents'], { now }: MovableClock, { info }: Log) =>
  createAskedElsewhere({ documents, now, info })

/** What is opened after something else; that is ended when it fails. */
async function orEnd<T>(opening: Promise<T>, end: () => Promise<void>): Promise<T> {
  try {
    return await opening
  } catch (error) {
    await end()
    throw error
  }
}

/** What it is asked of its deliveries. */
const asked = (core: () => Core): Pick<Runtime, 'deliver' | 'landed' | 'madeOf'> => ({
  deliver: (...stream) => core().services.delivery.deliverNow(...stream),
  landed: (...record) => landedAt(core().services, ...record),
  madeOf: (object) => madeOf(core().services, object),
})

interface Observing {
  readonly lab: Pick<LabChecklist, 'observe'>
  readonly access: Pick<Access, 'requests'>
  readonly elsewhere: Pick<ReturnType<typeof createAskedElsewhere>, 'observe'>
}

const observerOf =
  ({ lab, access, elsewhere }: Observing): Observer =>
  (observation) => {
    lab.observe(observation)
    elsewhere.observe(observation)
    access.requests?.called(observation)
  }

/** Our own API, and the console beside it. */
function withPages(api: OwnRoutes): OwnRoutes {
  const pages = createConsole(CONSOLE_FOLDER)
  return refusingOwn(async (request) => (await api(request)) ?? (await pages(request)))
}

interface Wiring {
  readonly settings: Pick<Settings, 'account' | 'region'>
  readonly machineNow: () => number
  readonly access: Pick<Access, 'gate' | 'requests'>
  readonly ownRoutes: OwnRoutes
  readonly traffic: Pick<Traffic, 'flights'>
  readonly onError: ReturnType<typeof unexpectedErrors>
}

/** The way to the services of a core. */
const wiring =
  ({ settings, access, traffic, ...shared }: Wiring) =>
  ({ services }: Core): WireHandler =>
    createWire({
      ...{ ...shared, ...access.gate.entrance() },
      services: services.bound,
      flights: traffic.flights,
      defaultRegion: settings.region,
      defaultAccount: settings.account,
      random: systemRandom,
      closed: access.gate.closed(),
      principalOf: principalsOf(services.credentials, shared.machineNow),
      onAnswered: access.requests?.answered,
    })
