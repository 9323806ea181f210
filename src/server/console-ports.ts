import type { ConsolePorts, Scope } from '../api/ports.ts'
import type { Overview } from '../api/views.ts'
import type { MovableClock } from '../clock/clock.ts'
import { pictureWithMoves, withMoves } from '../insight/clock-moves.ts'
import type { LabChecklist } from '../insight/lab-checklist.ts'
import { byteRangeOf, originOf } from '../insight/object-origin.ts'
import { pipelineOf } from '../insight/overview.ts'
import { recordsOf, shardsOf } from '../insight/stream-records.ts'
import { channelDocuments } from './channel-documents.ts'
import type { Settings } from './config.ts'
import type { Core } from './core.ts'
import { movesOf } from './documents/saved-clock.ts'
import { VERSION } from './package-version.ts'

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
  const overview = async (scope: Scope, search = ''): Promise<Overview> => {
    const { engine, services, meters } = core()
    const picture = await pipelineOf(
      { ...services, channels: channelDocuments, counters: meters.metrics() },
      scope,
      search,
    )
    return {
      now: clock.now(),
      clock: { mode: clock.mode, offsetMs: clock.offsetMs(), timeTravel: settings.timeTravel },
      ...scope,
      version: VERSION,
      durable: !settings.ephemeral,
      ...(settings.s3Endpoint !== undefined && { s3Endpoint: settings.s3Endpoint }),
      ...picture,
      deliveryStreams: pictureWithMoves(picture.deliveryStreams, await movesOf(engine.metadata)),
    }
  }
  return {
    closing,
    overview,
    scope: (query) => ({
      account: query.get('account') ?? settings.account,
      region: query.get('region') ?? settings.region,
    }),
    services: () => core().services.bound,
    shards: (scope, streamName) => shardsOf(kinesis(), scope, streamName),
    async records(scope, streamName, wanted) {
      const page = await recordsOf(kinesis(), scope, streamName, wanted)
      if (page.records.length > 0) lab.tick(scope, 'record-read')
      return page
    },
    async origin(object) {
      const origin = await originOf(core().services.delivery, object)
      const moves = await movesOf(core().engine.metadata)
      return origin && { ...origin, delivery: withMoves(origin.delivery, moves) }
    },
    byteRange: (object, record) => byteRangeOf(core().services.delivery, object, record),
    lab: async (scope) => lab.steps(scope, await overview(scope)),
  }
}
