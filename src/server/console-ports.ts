import type { ConsolePorts, RecordsWanted, Scope } from '../api/ports.ts'
import type { MovableClock } from '../clock/clock.ts'
import { systemRandom } from '../clock/random.ts'
import { pictureWithMoves, withMoves } from '../insight/clock-moves.ts'
import type { LabChecklist } from '../insight/lab-checklist.ts'
import { byteRangeOf, originOf } from '../insight/made-of.ts'
import { pipelineOf } from '../insight/overview.ts'
import { createSharedOverview, type Drawn } from '../insight/shared/shared-overview.ts'
import { createSharedPages } from '../insight/shared/shared-pages.ts'
import { recordsOf, shardsOf } from '../insight/stream-records.ts'
import { isAccountId, isRegionName } from '../service/arn.ts'
import { ServiceException } from '../service/exception.ts'
import type { Settings } from './config.ts'
import type { Core } from './core.ts'
import { VERSION } from './package-version.ts'

/** Of them the overview tells. */
const MOST_PROBLEMS = 100

interface ConsoleOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  readonly core: () => Core
  readonly lab: LabChecklist
  readonly closing: AbortSignal
}

/** What the console shows of this server. */
export function consolePorts({ settings, clock, core, lab, closing }: ConsoleOptions): ConsolePorts {
  const kinesis = () => core().services.kinesis
  const isFrozen = clock.mode === 'manual'
  const offsetMs = () => (isFrozen ? 0 : clock.offsetMs())
  const draw = async (scope: Scope, search: string): Promise<Drawn> => {
    const { documents, services, meters, problems } = core()
    const sources = { documents, delivery: services.delivery, counters: meters.metrics() }
    const { isPassing, ...picture } = await pipelineOf(sources, { scope, search, now: clock.now() })
    const known = problems.list()
    const overview = {
      clock: { mode: clock.mode, offsetMs: offsetMs(), timeTravel: settings.timeTravel },
      ...scope,
      version: VERSION,
      durable: !settings.ephemeral,
      ...(settings.s3Endpoint !== undefined && { s3Endpoint: settings.s3Endpoint }),
      ...picture,
      deliveryStreams: pictureWithMoves(picture.deliveryStreams, await documents.clockMoves()),
      problems: known.slice(0, MOST_PROBLEMS),
      problemCount: known.length,
    }
    return { isPassing, overview }
  }
  /** A reset makes a new core, whose counts begin anew. */
  let [current, life] = [core(), 0]
  const version = () => {
    if (core() !== current) [current, life] = [core(), life + 1]
    const { documents, services, meters, problems } = current
    const counts = [documents, services.delivery, meters, problems].map(({ changes }) => changes())
    return [life, ...counts, isFrozen ? clock.now() : offsetMs()].join()
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
    scope(query) {
      const { account = settings.account, region = settings.region } = Object.fromEntries(query)
      if (!isAccountId(account)) throw new ServiceException('BadRequest', 'account is twelve digits.')
      if (!isRegionName(region)) throw new ServiceException('BadRequest', 'region is the name of a region.')
      return { account, region }
    },
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
