import type { LogId } from '../engine/ports/engine.ts'
import { createWatch, type Watch } from './backlog/watch.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { nameIn } from './destination.ts'
import type { Job } from './job.ts'
import { leaveShards, leaveSource } from './leave-source.ts'
import { type Line, openLine } from './line/line.ts'
import { type Gone, goneOf, noteUnread, readGone, reportGone } from './lineage/gone.ts'
import { createForgetting, listDelivered } from './lineage/history.ts'
import type { Delivered } from './lineage/manifest.ts'
import { type Checkpoint, loadProgress } from './progress/checkpoint.ts'
import {
  BACKUP,
  DIRECT,
  ensureOwnLogs,
  type Outlet,
  outletIdOf,
  STAGE,
  stageIdOf,
} from './progress/outlet.ts'
import type { SourceStream } from './progress/source.ts'
import type { Sites } from './retries/sites.ts'
import { type Outlets, openOutlets } from './stage/outlets.ts'
import { openStage, type Stage } from './stage/stage.ts'
import { createSlots, type Slots } from './turns.ts'

/** Objects of one job that are put at the same time. */
const PUTS = 8
/** Deliveries that the gauge shows. */
const RECENT = 10

/** What all jobs of a process have together. */
export interface SharedByJobs {
  /** Objects that are compressed at the same time. */
  readonly compressions: Slots
  readonly sites: Sites
}

/** What works on one job: a line for its objects or, behind a stage, several, and one for the backup. */
interface Held extends SharedByJobs {
  readonly ports: DeliveryPorts
  readonly puts: Slots
  readonly forget: () => Promise<void>
  job: Job
  direct?: Line | undefined
  backup?: Line | undefined
  outlets?: Outlets
  stage?: Stage | undefined
  /** Absent while it is being opened. */
  watch?: Watch
  /** What could not be delivered, ever. */
  gone: Gone | undefined
  /** The newest last. */
  recent: readonly Delivered[]
}

/** All that works on one job; undefined when it has no checkpoint (any more). */
export async function openPipeline(
  ports: DeliveryPorts,
  job: Job,
  shared: SharedByJobs,
): Promise<Pipeline | undefined> {
  const { logs, metadata, destinations } = ports
  await ensureOwnLogs(logs, job)
  const held: Held = {
    ...{ ...shared, ports, job, puts: createSlots(PUTS) },
    forget: createForgetting(metadata, job.id, nameIn(destinations)),
    gone: await readGone(metadata, job.id),
    recent: (await listDelivered(metadata, job.id)).slice(-RECENT),
  }
  const open = (outlet: Outlet) => openOutlet(held, outlet)
  if (job.stage) {
    const outlets = await openOutlets({ ports, job: () => held.job, open })
    held.outlets = outlets
    held.stage = await openStage({
      ...{ ports, job, emit: outlets.emit },
      onMissed: (log) => sayMissed(held, STAGE, log),
      onMoved: () => trimSource(held),
      onWorked: () => held.watch?.moved(),
    })
  } else held.direct = await open(DIRECT)
  if (job.hasBackup) held.backup = await open(BACKUP)
  if (held.gone) reportGone(ports.problems, job.where, held.gone)
  // A crash may have come between a checkpoint and what it gives back.
  await trimSource(held)
  for (const line of linesOf(held))
    await trimOutlet(held, line.outlet, line.state().progress.checkpoint.value)
  held.watch = watchOf(held)
  if (held.stage || held.direct) return pipelineOf(held)
  await close(held)
  return undefined
}

function pipelineOf(held: Held) {
  const lines = () => linesOf(held)
  return {
    job: () => held.job,
    isPartitioned: held.job.stage?.isPartitioned === true,
    /** Of what is buffered from now on. */
    hints: () => held.job.hintsOf('objects', Number.POSITIVE_INFINITY),
    async refresh(changed: Job): Promise<void> {
      if (changed.version === held.job.version) return
      held.job = changed
      held.stage?.refresh(changed)
      for (const line of lines()) line.refresh(changed)
      if (changed.hasBackup) held.backup ??= await openOutlet(held, BACKUP)
    },
    /** Everything acknowledged so far is in the buffers, and what is due has been tried. */
    async settle(): Promise<void> {
      const { stage, outlets } = held
      await stage?.settle()
      await Promise.all(lines().map((line) => line.settle()))
      if (stage && outlets) await stage.between(outlets.retire)
    },
    /** Delivers what there is; throws DeliveryFailed when the destination refuses. */
    async deliverNow(): Promise<Delivered[]> {
      await held.stage?.settle()
      const done = await Promise.allSettled(lines().map((line) => line.deliverNow()))
      const failure = done.find((one) => one.status === 'rejected')
      if (failure) throw failure.reason
      return done.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    },
    /** Before the records of the source are dropped: what is not in a batch yet is named as gone. */
    async leaveSource(stream: SourceStream): Promise<void> {
      await leaveSource(held.ports, held.job, stream, workersOf(held))
      await sayGone(held)
    },
    /** Before closed shards of the source are forgotten: what was not read of them is not forgotten here. */
    leaveShards: (stream: SourceStream, expired: ReadonlySet<string>): Promise<void> =>
      leaveShards(held.ports, held.job, { ...stream, expired }, workersOf(held)),
    states: () => lines().map((line) => line.state()),
    /** Who reads the source: how far it is. */
    intake: () => held.stage?.intake() ?? held.direct!.state().intake,
    programSuspendedAt: () => held.stage?.suspendedAt(),
    recent: () => held.recent,
    gone: () => held.gone,
    /** When the first record that is not delivered is lost; undefined while that is far off. */
    firstLostAt: () => held.watch?.lostAt(),
    close: () => close(held),
  }
}

export type Pipeline = ReturnType<typeof pipelineOf>

const linesOf = ({ direct, backup, outlets }: Held): Line[] =>
  [direct, backup, ...(outlets?.lines() ?? [])].filter((line) => line !== undefined)

const workersOf = ({ stage, direct, backup }: Held) => ({
  main: (stage ?? direct)?.overtake,
  backup: backup?.overtake,
})

async function openOutlet(held: Held, outlet: Outlet): Promise<Line | undefined> {
  const { ports, job, compressions, sites, puts } = held
  return await openLine({
    ...{ ports, outlet, job, compressions, sites, puts },
    onMissed: (of, log) => sayMissed(held, of.name, log),
    onWorked: () => held.watch?.moved(),
    async onDelivered(delivered, positions) {
      held.recent = [...held.recent, delivered].slice(-RECENT)
      if (goneOf(delivered) > 0) await sayGone(held)
      if (outlet.log) await trimOutlet(held, outlet, { positions })
      else await trimSource(held)
      await held.forget()
    },
  })
}

async function sayMissed(held: Held, outletName: string, log: LogId): Promise<void> {
  const { metadata, clock } = held.ports
  await noteUnread(metadata, { jobId: held.job.id, outletName }, log, clock.now())
  await sayGone(held)
}

async function sayGone(held: Held): Promise<void> {
  const { ports, job } = held
  held.gone = await readGone(ports.metadata, job.id)
  if (held.gone) reportGone(ports.problems, job.where, held.gone)
}

/** Under which the progress of those is kept that read the source. */
const readersOf = (job: Job): string[] => [
  job.stage ? stageIdOf(job) : outletIdOf(job, DIRECT),
  outletIdOf(job, BACKUP),
]

/** A log that a stage fills has no other reader. */
async function trimOutlet(
  { ports }: Held,
  outlet: Outlet,
  { positions }: Pick<Checkpoint, 'positions'>,
): Promise<void> {
  if (outlet.log) for (const { group, log, next } of positions) await ports.logs.trim({ group, log }, next)
}

/** Only a log that the job fills is its own: nobody needs what all of its readers are past. */
async function trimSource({ ports, job }: Held): Promise<void> {
  const { logs, metadata } = ports
  const { source } = job
  if (!('log' in source)) return
  const progress = await Promise.all(readersOf(job).map((id) => loadProgress(metadata, id)))
  const ends = progress.flatMap((one) => one?.checkpoint.value.positions.map(({ next }) => next) ?? [])
  if (ends.length > 0) await logs.trim(source.log, Math.min(...ends))
}

function watchOf(held: Held): Watch {
  const { ports, stage, direct } = held
  return createWatch({
    ports,
    job: () => held.job,
    readers: () => readersOf(held.job),
    isBehind: () => [stage, direct, held.backup].some((reader) => reader?.isBehind()),
    standstills: () =>
      linesOf(held)
        .flatMap((line) => {
          const { failingSince: since, lastError: error, denial } = line.state()
          if (since === undefined || !error) return []
          return [{ since, error, ...(denial !== undefined && { denial }) }]
        })
        .toSorted((one, other) => one.since - other.since),
  })
}

async function close(held: Held): Promise<void> {
  await held.stage?.close()
  await Promise.all(linesOf(held).map((line) => line.close()))
  await held.watch?.close()
}
