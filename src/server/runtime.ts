import { fileURLToPath } from 'node:url'
import { createApi } from '../api/api.ts'
import { createConsole } from '../api/pages.ts'
import type { Scope } from '../api/ports.ts'
import type { Credentials } from '../auth/credentials.ts'
import type { MovableClock } from '../clock/clock.ts'
import { systemRandom } from '../clock/random.ts'
import type { ErrorLogRecord } from '../firehose/destinations/error-log.ts'
import type { Deliveries, ShownLanded } from '../insight/deliveries.ts'
import { createLabChecklist } from '../insight/lab-checklist.ts'
import { landedAt, type MadeOf, madeOf, type RecordQuery } from '../insight/tracing.ts'
import type { Observation } from '../service/invoke.ts'
import { listen } from '../wire/listener.ts'
import { createWire } from '../wire/wire.ts'
import { closedModeOf } from './access/closed-mode.ts'
import { entranceOf } from './access/exposure.ts'
import { principalsOf } from './access/identities.ts'
import { apiPorts, consolePorts } from './api-ports.ts'
import type { Settings } from './config.ts'
import { type Core, openCore, openCurrentCore, type Restored } from './core.ts'
import { certificateOf } from './documents/certificate.ts'
import { moveClock } from './documents/saved-clock.ts'
import { type Log, unexpectedErrors, warnOfModes } from './log.ts'

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
  close(): Promise<void>
}

/** Beside src/ and dist/ alike. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../../dist-console/', import.meta.url))

const errorsTo = (log: Log) => (error: unknown) =>
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error))

const reportTo =
  (log: Log) =>
  ({ message, ...fields }: ErrorLogRecord) =>
    log.warn(`delivery failed: ${message}`, { ...fields })

const observing = (lab: ReturnType<typeof createLabChecklist>, log: Log) => (observation: Observation) => {
  const { service, operation, failure } = observation
  lab.observe(observation)
  log.debug(`${service} ${operation}`, failure === undefined ? {} : { failure: String(failure) })
}

export async function openRuntime({ settings, clock, log, credentials }: RuntimeOptions): Promise<Runtime> {
  const onError = errorsTo(log)
  const entrance = entranceOf(settings, credentials ? 'closed' : 'open', log)
  const lab = createLabChecklist(clock.now)
  const closing = new AbortController()
  const observe = observing(lab, log)
  const options = { settings, clock, observe, report: reportTo(log), log, onError, credentials }
  const open = (erase: boolean) => openCore({ ...options, erase })
  const current = await openCurrentCore(open)
  const core = current.now
  const { restored } = core()
  const advance = (durationMs: number) =>
    current.change(({ engine }) => moveClock(engine.metadata, clock, durationMs))
  const reset = async () => {
    await current.reset()
    lab.clear()
    handle = wireOf(core())
  }
  const shown = consolePorts({ settings, clock, core, lab, closing: closing.signal })
  const api = createApi(apiPorts({ settings, clock, core, advance, reset, console: shown }))
  const pages = createConsole(CONSOLE_FOLDER)
  const machineNow = () => clock.now() - clock.offsetMs()
  const wireOf = ({ services }: Core) =>
    createWire({
      services: services.bound,
      defaultRegion: settings.region,
      defaultAccount: settings.account,
      random: systemRandom,
      machineNow,
      ownRoutes: async (request) => (await api(request)) ?? (await pages(request)),
      ...entrance,
      closed: closedModeOf(credentials && services.credentials, settings),
      principalOf: principalsOf(services.credentials, machineNow),
      onError: unexpectedErrors(log),
    })
  let handle = wireOf(core())
  try {
    const listener = await listen({
      host: settings.host,
      port: settings.port,
      tls: await certificateOf({
        ...settings,
        metadata: core().engine.metadata,
        onWideModes: warnOfModes(log),
      }),
      handle: (request, response) => handle(request, response),
      onError,
    })
    return {
      port: listener.port,
      restored,
      advance,
      deliver: (...stream) => core().services.delivery.deliverNow(...stream),
      landed: (...record) => landedAt(core().services, ...record),
      madeOf: (object) => madeOf(core().services, object),
      reset,
      async close() {
        const closed = listener.close()
        closing.abort()
        core().services.endSubscriptions()
        await closed
        await current.close()
      },
    }
  } catch (error) {
    await current.close()
    throw error
  }
}
