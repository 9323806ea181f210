import type { LogId } from '../engine/engine.ts'
import { hintsOf } from '../firehose/destinations/s3/plan.ts'
import { isPartitioned } from '../firehose/destinations/s3/s3-settings.ts'
import { directPutLogOf, ensureInternalLogs } from '../firehose/direct-put/direct-put-log.ts'
import type { Firehose } from '../firehose/firehose.ts'
import { isStaged } from '../firehose/processors/processing.ts'
import type { DeliveryStream } from '../firehose/streams/delivery-stream.ts'
import { type Line, openLine } from './line/line.ts'
import { goneOf, noteUnread, readGone, reportGone } from './lineage/gone.ts'
import { createForgetting, listDelivered } from './lineage/history.ts'
import type { Delivered } from './lineage/manifest.ts'
import { loadProgress } from './progress/checkpoint.ts'
import { BACKUP, DIRECT, type Outlet, outletIdOf, stageIdOf } from './progress/outlet.ts'
import type { LogPosition } from './progress/source.ts'
import { type Outlets, openOutlets } from './stage/outlets.ts'
import { openStage, type Stage } from './stage/stage.ts'
import { createSlots, type Slots } from './turns.ts'

/** Objects of one delivery stream that are put at the same time. */
const PUTS = 8
/** Deliveries that the gauge shows. */
const RECENT = 10

/** All that works on one delivery stream; undefined when it has no checkpoint (any more). */
export async function openPipeline(firehose: Firehose, given: DeliveryStream, compressions: Slots) {
  const { logs, metadata } = firehose
  const puts = createSlots(PUTS)
  const forget = createForgetting(metadata, given.id)
  const readerId = isStaged(given) ? stageIdOf(given) : outletIdOf(given, DIRECT)
  let stream = given
  let direct: Line | undefined
  let backup: Line | undefined
  let outlets: Outlets | undefined
  let stage: Stage | undefined

  const lines = (): Line[] =>
    [direct, backup, ...(outlets?.lines() ?? [])].filter((line) => line !== undefined)

  async function open(outlet: Outlet): Promise<Line | undefined> {
    return await openLine({
      ...{ firehose, outlet, stream, compressions, puts },
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
    await noteUnread(metadata, { deliveryStreamId: stream.id, outletName }, log, firehose.clock.now())
    await sayGone()
  }

  async function sayGone(): Promise<void> {
    gone = await readGone(metadata, stream.id)
    if (gone) reportGone(firehose.problems, stream, gone)
  }

  async function trimTo(positions: readonly LogPosition[]): Promise<void> {
    for (const { group, log, next } of positions) await logs.trim({ group, log }, next)
  }
  /** Only a Direct PUT delivery stream's log is its own: nobody needs what all of its readers are past. */
  async function trimSource(): Promise<void> {
    if (stream.source) return
    const readers = await Promise.all(
      [readerId, outletIdOf(stream, BACKUP)].map((id) => loadProgress(metadata, id)),
    )
    const ends = readers.flatMap(
      (progress) => progress?.checkpoint.value.positions.map(({ next }) => next) ?? [],
    )
    if (ends.length > 0) await logs.trim(directPutLogOf(stream), Math.min(...ends))
  }

  await ensureInternalLogs(logs, stream)
  let gone = await readGone(metadata, stream.id)
  let recent = (await listDelivered(metadata, stream.id)).slice(-RECENT)
  if (isStaged(given)) {
    outlets = await openOutlets({ firehose, stream: () => stream, open })
    stage = await openStage({
      firehose,
      stream,
      emit: outlets.emit,
      onMissed: (log) => sayMissed('stage', log),
      onMoved: trimSource,
    })
  } else direct = await open(DIRECT)
  if (stream.destination.backup) backup = await open(BACKUP)

  async function close(): Promise<void> {
    await stage?.close()
    await Promise.all(lines().map((line) => line.close()))
  }
  if (!stage && !direct) {
    await close()
    return undefined
  }

  return {
    stream: () => stream,
    isPartitioned: isPartitioned(given.destination),
    /** Of what is buffered from now on. */
    hints: () => hintsOf(DIRECT, stream, Number.POSITIVE_INFINITY),
    async refresh(changed: DeliveryStream): Promise<void> {
      if (changed.version === stream.version) return
      stream = changed
      stage?.refresh(changed)
      for (const line of lines()) line.refresh(changed)
      if (stream.destination.backup) backup ??= await open(BACKUP)
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
    querySuspendedAt: () => stage?.suspendedAt(),
    /** The newest last. */
    recent: (): readonly Delivered[] => recent,
    /** What could not be delivered, ever. */
    gone: () => gone,
    close,
  }
}

export type Pipeline = NonNullable<Awaited<ReturnType<typeof openPipeline>>>
