import type { Clock, MovableClock } from '../clock/clock.ts'
import { lendClock } from '../clock/lent-clock.ts'
import { systemRandom } from '../clock/random.ts'
import { createSerial } from '../delivery/turns.ts'
import { openEmbeddedEngine } from '../engine/embedded/embedded-engine.ts'
import { createMemoryEngine } from '../engine/memory/memory-engine.ts'
import type { Engine, MetadataStore } from '../engine/ports/engine.ts'
import type { ErrorLogRecord } from '../firehose/destinations/error-log.ts'
import { ALL_STREAMS } from '../firehose/streams/delivery-stream.ts'
import { type Budget, openBudget } from '../insight/budget.ts'
import { openPipelineDocuments, type PipelineDocuments } from '../insight/shared/pipeline-documents.ts'
import { type OpenSpace, openSpace } from '../insight/space/open-space.ts'
import { storedPolicies } from '../insight/stored-policies.ts'
import { CHANNEL_KEYS } from '../kinesis/channels/channel.ts'
import { STREAM_KEYS } from '../kinesis/stream-ref.ts'
import type { RecordingMeters } from '../metrics/create-meters.ts'
import { createProblems, type KnownProblems, type Problems } from '../metrics/problems.ts'
import { createOutbound } from '../remote/outbound.ts'
import { createWebhook } from '../remote/webhook.ts'
import { bucketsPrefix } from '../s3/documents.ts'
import type { Observer } from '../service/invoke.ts'
import type { Gate, Mode } from './access/gatekeeper.ts'
import type { KeptKeys } from './access/keys/kept-over-reset.ts'
import { limitsOf, type Settings } from './config.ts'
import { outboundRuleOf, s3TargetOf } from './destinations.ts'
import { forgetDamaged } from './documents/persisted.ts'
import { clockDocument, movesOf, restoreClock } from './documents/saved-clock.ts'
import { openMeters } from './documents/saved-meters.ts'
import { watchTime } from './documents/seen-time.ts'
import { type Log, warnOfModes } from './log.ts'
import { webhooksOf } from './notifications/webhook-setting.ts'
import { openServices, type Services } from './services.ts'
import { startScrubber } from './verify.ts'

export interface CoreOptions {
  readonly settings: Settings
  readonly clock: MovableClock
  readonly observe: Observer
  /** Is told why a delivery fails, once for each reason in a row. */
  readonly report: (record: ErrorLogRecord) => void
  readonly onError: (error: unknown) => void
  readonly log: Pick<Log, 'warn' | 'info'>
  /** Begins with nothing. */
  readonly erase: boolean
  readonly gate: Pick<Gate, 'decide' | 'keys' | 'noted'>
  readonly keptKeys: Pick<KeptKeys, 'putBack'>
}

/** All that a reset makes anew: the engine, and what stands on it. */
export interface Core {
  readonly engine: Engine
  readonly services: Services
  readonly meters: RecordingMeters
  readonly problems: KnownProblems
  readonly budget: Budget
  readonly documents: PipelineDocuments
  readonly space: OpenSpace
  /** As it was found. */
  readonly restored: Restored
  close(): Promise<void>
}

export async function openCore(options: CoreOptions): Promise<Core> {
  const { settings, observe, report, log, gate, onError } = options
  // It goes on after a reset, and must not hold what that has put away.
  const { clock, end: endTimers } = lendClock(options.clock)
  const target = s3TargetOf(settings)
  const problems = createProblems({ now: clock.now, warn: log.warn, info: log.info })
  const engine = await openEngine({ ...options, clock, problems })
  try {
    await forgetDamaged(engine.metadata, problems)
    await restoreClock(engine.metadata, clock)
    const { meters, touched, save, saveNow } = await openMeters(engine, clock, problems)
    await options.keptKeys.putBack(engine)
    const mode = await gate.decide(engine.metadata)
    const restored = await countRestored(engine.metadata, mode)
    const outbound = createOutbound(outboundRuleOf(settings, mode))
    const budget = openBudget({
      ...{ metadata: engine.metadata, clock, meters, problems },
      warn: log.warn,
      webhook: createWebhook({ outbound }),
      targetRefusal: outbound.refusalOf,
    })
    const services = await openServices({
      ...{ engine, clock, meters, problems, report, onError },
      random: systemRandom,
      limits: limitsOf(settings),
      remoteS3: target && { target, outbound },
      webhooks: { urls: webhooksOf(settings), outbound },
      credentials: gate.keys(),
      noted: gate.noted,
      // Who freezes time does not want to move it before a stream becomes ACTIVE.
      ...(settings.clock === 'manual' && { stateDelayMs: 0 }),
      observe(observation) {
        touched(observation)
        budget.touched()
        observe(observation)
      },
    })
    const machineNow = () => clock.now() - clock.offsetMs()
    const scrubber = startScrubber({ engine, problems, machineNow, onError: options.onError })
    const endWatch = watchTime({ clock, problems, changes: services.delivery.changes, save: saveNow })
    const documents = openPipelineDocuments({
      metadata: engine.metadata,
      clock: { kind: clockDocument, movesOf },
    })
    const { usage } = services.s3
    const space = openSpace({
      ...{ engine, usage, documents, clock, problems, onError },
      quotas: services.quotas,
    })
    return {
      ...{ engine, services, meters, problems, budget, documents, space, restored },
      async close() {
        await space.close()
        documents.close()
        endWatch()
        await scrubber.close()
        await services.close()
        await budget.close()
        await outbound.close()
        await save()
        await engine.close()
        endTimers()
      },
    }
  } catch (error) {
    await engine.close()
    endTimers()
    throw error
  }
}

interface EngineOptions {
  readonly settings: Pick<Settings, 'ephemeral' | 'data' | 'acceptDataLoss' | 'maxDisk'>
  readonly log: Pick<Log, 'warn'>
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly problems: Problems
  /** Begins with nothing. */
  readonly erase: boolean
}

/** The embedded engine in the data folder, or, with `ephemeral`, one that goes with the process. */
const openEngine = async ({
  settings,
  log,
  clock,
  onError,
  problems,
  erase,
}: EngineOptions): Promise<Engine> =>
  settings.ephemeral
    ? createMemoryEngine({ clock })
    : await openEmbeddedEngine({
        dataDir: settings.data,
        clock,
        random: systemRandom,
        onError,
        problems,
        erase,
        acceptDataLoss: settings.acceptDataLoss,
        onWideModes: warnOfModes(log),
        ...(settings.maxDisk !== undefined && { maxBytes: settings.maxDisk }),
      })

interface CurrentCoreOptions {
  readonly open: (erase: boolean) => Promise<Core>
  /** What a reset must not take is looked for while it is there. */
  readonly beforeErasing: (core: Core) => Promise<void>
}

/**
 * The core that serves now; a reset puts an empty one in its place. What changes it is done in turn, so that no core is
 * closed twice, or while its clock is moved.
 */
export async function openCurrentCore({ open, beforeErasing }: CurrentCoreOptions) {
  const inTurn = createSerial()
  let core = await open(false)
  /** Not after a reset whose opening failed: another one may still do it. */
  let isOpen = true
  let isOver = false
  let resetting: Promise<void> | undefined
  async function closeCore(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    await core.close()
  }
  async function replaceCore(): Promise<void> {
    if (isOpen) await beforeErasing(core)
    await closeCore()
    core = await open(true)
    isOpen = true
  }
  return {
    now: () => core,
    change: <T>(task: (core: Core) => Promise<T>): Promise<T> => inTurn(() => task(core)),
    reset: (): Promise<void> =>
      inTurn(async () => {
        if (isOver) throw new Error('The server is being stopped.')
        resetting = replaceCore()
        await resetting
      }),
    /**
     * For good: what waits for its turn to reset it is refused. Waits for a reset under way and for nothing else: what
     * a move of the clock waits for is ended by the closing.
     */
    async close(): Promise<void> {
      isOver = true
      // Whoever asked for the reset hears of it.
      await resetting?.catch(() => undefined)
      await closeCore()
    },
  }
}

/** How many of each the data folder holds. */
export interface Restored {
  readonly streams: number
  readonly deliveryStreams: number
  readonly channels: number
  readonly buckets: number
  /** What has a policy or is one: buckets, streams, consumers, IAM's. Nobody is held by them in open mode. */
  readonly policies: number
  readonly arePoliciesEnforced: boolean
}

async function countRestored(metadata: MetadataStore, mode: Mode): Promise<Restored> {
  const count = async (prefix: string) => (await metadata.list({ prefix, damaged: 'left out' })).length
  return {
    streams: await count(STREAM_KEYS),
    deliveryStreams: await count(ALL_STREAMS),
    channels: await count(CHANNEL_KEYS),
    buckets: await count(bucketsPrefix),
    policies: (await storedPolicies(metadata)).length,
    arePoliciesEnforced: mode === 'closed',
  }
}
