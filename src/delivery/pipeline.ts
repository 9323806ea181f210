import type { LogId } from '../engine/engine.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { nameIn } from './destination.ts'
import type { Job } from './job.ts'
import { type Line, openLine } from './line/line.ts'
import { goneOf, noteUnread, readGone, reportGone } from './lineage/gone.ts'
import { createForgetting, listDelivered } from './lineage/history.ts'
import type { Delivered } from './lineage/manifest.ts'
import { loadProgress } from './progress/checkpoint.ts'
import { BACKUP, DIRECT, ensureOwnLogs, type Outlet, outletIdOf, stageIdOf } from './progress/outlet.ts'
import type { LogPosition } from './reading/log-range.ts'
import { type Outlets, openOutlets } from './stage/outlets.ts'
import { openStage, type Stage } from './stage/stage.ts'
import { createSlots, type Slots } from './turns.ts'

/** Objects of one job that are put at the same time. */
const PUTS = 8
/** Deliveries that the gauge shows. */
const RECENT = 10

/** All that works on one job; undefined when it has no checkpoint (any more). */
export async function openPipeline(ports: DeliveryPorts, given: Job, compressions: Slots) {
  const { logs, metadata, clock, destinations, problems } = ports
  const puts = createSlots(PUTS)
  const forget = createForgetting(metadata, given.id, nameIn(destinations))
  const readerId = given.stage ? stageIdOf(given) : outletIdOf(given, DIRECT)
  let job = given
  let direct: Line | undefined
  let backup: Line | undefined
  let outlets: Outlets | undefined
  let stage: Stage | undefined

  const lines = (): Line[] =>
    [direct, backup, ...(outlets?.lines() ?? [])].filter((line) => line !== undefined)

  async function open(outlet: Outlet): Promise<Line | undefined> {
    return await openLine({
      ...{ ports, outlet, job, compressions, puts },
      onMissed: (of, log) => sayMissed(of.name, log),
      async onDelivered(delivered, positions) {
        recent = [...recent, delivered].slice(-RECENT)
        if (goneOf(delivered) > 0) await sayGone()
        if (outlet.log) await trimTo(positions)
        else await trimSource()
        await forget()
      },
    })
  }

  async function sayMissed(outletName: string, log: LogId): Promise<void> {
    await noteUnread(metadata, { jobId: job.id, outletName }, log, clock.now())
    await sayGone()
  }

  async function sayGone(): Promise<void> {
    gone = await readGone(metadata, job.id)
    if (gone) reportGone(problems, job.where, gone)
  }

  async function trimTo(positions: readonly LogPosition[]): Promise<void> {
    for (const { group, log, next } of positions) await logs.trim({ group, log }, next)
  }
  /** Only a log that the job fills is its own: nobody needs what all of its readers are past. */
  async function trimSource(): Promise<void> {
    const { source } = job
    if (!('log' in source)) return
    const readers = await Promise.all(
      [readerId, outletIdOf(job, BACKUP)].map((id) => loadProgress(metadata, id)),
    )
    const ends = readers.flatMap(
      (progress) => progress?.checkpoint.value.positions.map(({ next }) => next) ?? [],
    )
    if (ends.length > 0) await logs.trim(source.log, Math.min(...ends))
  }

  await ensureOwnLogs(logs, job)
  let gone = await readGone(metadata, job.id)
  let recent = (await listDelivered(metadata, job.id)).slice(-RECENT)
  if (given.stage) {
    outlets = await openOutlets({ ports, job: () => job, open })
    stage = await openStage({
      ports,
      job,
      emit: outlets.emit,
      onMissed: (log) => sayMissed('stage', log),
      onMoved: trimSource,
    })
  } else direct = await open(DIRECT)
  if (job.hasBackup) backup = await open(BACKUP)

  async function close(): Promise<void> {
    await stage?.close()
    await Promise.all(lines().map((line) => line.close()))
  }
  if (!stage && !direct) {
    await close()
    return undefined
  }

  return {
    job: () => job,
    isPartitioned: given.stage?.isPartitioned === true,
    /** Of what is buffered from now on. */
    hints: () => job.hintsOf('objects', Number.POSITIVE_INFINITY),
    async refresh(changed: Job): Promise<void> {
      if (changed.version === job.version) return
      job = changed
      stage?.refresh(changed)
      for (const line of lines()) line.refresh(changed)
      if (job.hasBackup) backup ??= await open(BACKUP)
    },
    /** Everything acknowledged so far is in the buffers, and what is due has been tried. */
    async settle(): Promise<void> {
      await stage?.settle()
      await Promise.all(lines().map((line) => line.settle()))
      if (stage && outlets) await stage.between(outlets.retire)
    },
    /** Delivers what there is; throws DeliveryFailed when the destination refuses. */
    async deliverNow(): Promise<Delivered[]> {
      await stage?.settle()
      const done = await Promise.allSettled(lines().map((line) => line.deliverNow()))
      const failure = done.find((one) => one.status === 'rejected')
      if (failure) throw failure.reason
      return done.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
    },
    states: () => lines().map((line) => line.state()),
    /** Who reads the source: how far it is. */
    intake: () => stage?.intake() ?? direct!.state().intake,
    programSuspendedAt: () => stage?.suspendedAt(),
    /** The newest last. */
    recent: (): readonly Delivered[] => recent,
    /** What could not be delivered, ever. */
    gone: () => gone,
    close,
  }
}

export type Pipeline = NonNullable<Awaited<ReturnType<typeof openPipeline>>>
