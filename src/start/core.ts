import type { MovableClock } from '../clock/clock.ts'
import { systemRandom } from '../clock/random.ts'
import { limitsOf, type Settings } from '../config.ts'
import type { Engine } from '../engine/engine.ts'
import type { ErrorLogRecord } from '../firehose/delivery/error-log.ts'
import type { Log } from '../log.ts'
import type { RecordingMeters } from '../metrics/create-meters.ts'
import { createProblems, type KnownProblems } from '../metrics/problems.ts'
import { createWebhook } from '../remote/webhook.ts'
import type { Observer } from '../service/invoke.ts'
import { type Budget, openBudget } from './budget.ts'
import { openEngine } from './open-engine.ts'
import { restoreClock } from './persisted-clock.ts'
import { openMeters } from './persisted-meters.ts'
import { openPipelineDocuments, type PipelineDocuments } from './pipeline-documents.ts'
import { s3TargetOf } from './remote-destination.ts'
import { countRestored, type Restored } from './restored.ts'
import { openServices, type Services } from './services.ts'

export interface CoreOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  readonly observe: Observer
  /** Is told of every delivery that fails. */
  readonly report: (record: ErrorLogRecord) => void
  readonly onError: (error: unknown) => void
  readonly log: Pick<Log, 'warn' | 'info'>
  /** Begins with nothing. */
  readonly erase: boolean
}

/** All that a reset makes anew: the engine, and what stands on it. */
export interface Core {
  readonly engine: Engine
  readonly services: Services
  readonly meters: RecordingMeters
  readonly problems: KnownProblems
  readonly budget: Budget
  readonly documents: PipelineDocuments
  /** As it was found. */
  readonly restored: Restored
  close(): Promise<void>
}

export async function openCore(options: CoreOptions): Promise<Core> {
  const { settings, clock, observe, report, log } = options
  const s3Target = s3TargetOf(settings)
  const problems = createProblems({ now: clock.now, warn: log.warn, info: log.info })
  const engine = await openEngine({ ...options, problems })
  try {
    await restoreClock(engine.metadata, clock)
    const restored = await countRestored(engine.metadata)
    const { meters, touched, save } = await openMeters(engine.metadata, clock)
    const budget = openBudget({
      metadata: engine.metadata,
      clock,
      meters,
      warn: log.warn,
      webhook: createWebhook(),
    })
    const services = await openServices({
      engine,
      clock,
      random: systemRandom,
      meters,
      problems,
      limits: limitsOf(settings),
      s3Target,
      report,
      // Who freezes time does not want to move it before a stream becomes ACTIVE.
      ...(settings.clock === 'manual' && { stateDelayMs: 0 }),
      observe(observation) {
        touched(observation)
        budget.touched()
        observe(observation)
      },
    })
    const documents = openPipelineDocuments(engine.metadata)
    return {
      engine,
      services,
      meters,
      problems,
      budget,
      documents,
      restored,
      async close() {
        documents.close()
        await services.close()
        await budget.close()
        await save()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}
