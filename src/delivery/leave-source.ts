import { type Change, isEngineError, type LogId } from '../engine/ports/engine.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { isDeAggregated, type Job, readJob, streamArnOf } from './job.ts'
import { createBuffer } from './line/buffer.ts'
import { createIntake } from './line/intake.ts'
import { sealBatch } from './line/seal.ts'
import { addGone, noteUnread, whyUnread } from './lineage/gone.ts'
import type { Manifest } from './lineage/manifest.ts'
import { commitSeal, loadProgress, moveReading } from './progress/checkpoint.ts'
import { BACKUP, DIRECT, type Outlet, outletIdOf, STAGE } from './progress/outlet.ts'
import { rangesBetween } from './progress/repeats.ts'
import { followShards, type SourceStream } from './progress/source.ts'
import type { Content, LogPosition } from './reading/log-range.ts'
import { readingOf } from './reading/reading.ts'
import { loadCheckpoint, type StageCheckpoint } from './stage/batch.ts'

/** Lets what works on the source go on only when the task is done. */
type Overtake = (task: () => Promise<void>) => Promise<void>

interface Workers {
  readonly main?: Overtake | undefined
  readonly backup?: Overtake | undefined
}

const atOnce: Overtake = (task) => task()

/**
 * Before the records of a job's stream are dropped, whose logs are sealed: what is not in a batch yet is named as gone,
 * and the job is behind it. Harmless when it is done twice.
 */
export async function leaveSource(
  ports: DeliveryPorts,
  job: Job,
  stream: SourceStream,
  { main = atOnce, backup = atOnce }: Workers = {},
): Promise<void> {
  await main(() => (job.stage ? loseUnstaged(ports, job, stream) : loseUnread(ports, job, DIRECT, stream)))
  if (job.hasBackup) await backup(() => loseUnread(ports, job, BACKUP, stream))
}

/**
 * Before a stream's records are dropped: those that a line has not sealed are part of its batch from now on, as gone
 * from it. They are named with it, once, whoever dies meanwhile.
 */
async function loseUnread(
  ports: DeliveryPorts,
  { id, documentKey }: Job,
  outlet: Outlet,
  stream: SourceStream,
): Promise<void> {
  const { metadata, clock } = ports
  for (let isDone = false; !isDone; ) {
    const job = await readJob(ports, documentKey)
    if (job?.value.id !== id || job.value.goneAt !== undefined) return
    const outletId = outletIdOf(job.value, outlet)
    const progress = await loadProgress(metadata, outletId)
    if (!progress) return
    const { checkpoint, sealed } = progress
    const from = sealed?.value.after ?? checkpoint.value.positions
    const unread = await unreadOf(ports, job.value, from, stream)
    for (const log of unread.missed)
      await noteUnread(metadata, { jobId: id, outletName: outlet.name }, log, clock.now())
    if (unread.content.records === 0) return
    const next = { ...unread, number: checkpoint.value.objects + 1 }
    const batch = sealed?.value ?? emptyBatch(ports, outlet, job.value, next)
    const commit = commitSeal(metadata, { job, id: outletId }, progress, withGone(batch, unread))
    isDone = await isCommitted(commit)
  }
}

const withGone = (batch: Manifest, { content, after }: Unread): Manifest => ({
  ...batch,
  after,
  gone: [...(batch.gone ?? []), ...content.ranges],
})

/** One that nothing was sealed with. */
function emptyBatch(
  { clock, random }: DeliveryPorts,
  outlet: Outlet,
  job: Job,
  { number, content, after }: Unread & { readonly number: number },
): Manifest {
  const nothing = { ...content, ranges: [], records: 0, bytes: 0, billedBytes: 0 }
  const batch = { number, reason: 'flush' as const, content: nothing, after, sealedAt: clock.now() }
  return sealBatch(outlet, job, batch, random)
}

/** Before a stream's records are dropped: those that a stage has not begun are counted as gone, and it is behind them. */
async function loseUnstaged(
  ports: DeliveryPorts,
  { id, documentKey }: Job,
  stream: SourceStream,
): Promise<void> {
  const { metadata, clock } = ports
  const counted = { jobId: id, outletName: STAGE }
  for (let isDone = false; !isDone; ) {
    const job = await readJob(ports, documentKey)
    if (job?.value.id !== id || job.value.goneAt !== undefined) return
    const checkpoint = await loadCheckpoint(metadata, job.value)
    if (!checkpoint) return
    const { positions, batch } = checkpoint.value
    const { content, after, missed } = await unreadOf(ports, job.value, batch?.to ?? positions, stream)
    for (const log of missed) await noteUnread(metadata, counted, log, clock.now())
    if (content.records === 0) return
    const lost = { records: content.records, lastAt: clock.now(), why: whyUnread(content.ranges) }
    isDone = await isCommitted(
      metadata.commit([
        { put: checkpoint.key, value: behind(checkpoint.value, after), expect: checkpoint.revision },
        { check: job.key, expect: job.revision },
        await addGone(metadata, counted, lost),
      ]),
    )
    if (isDone) job.value.meters.unprocessed(lost.records)
  }
}

/** A batch that was begun is still repeated as it was read. */
function behind(value: StageCheckpoint, after: readonly LogPosition[]): StageCheckpoint {
  const { positions, batch } = value
  if (!batch) return { ...value, positions: after }
  const ranges = batch.ranges ?? rangesBetween(positions, batch.to)
  return { ...value, batch: { ...batch, ranges, to: after } }
}

/** False when somebody else was at work on it. */
async function isCommitted(commit: Promise<unknown>): Promise<boolean> {
  try {
    await commit
    return true
  } catch (error) {
    if (!isEngineError(error, 'Conflict')) throw error
    return false
  }
}

/** What a reader of a stream has before it. */
interface Unread {
  readonly content: Content
  /** Where it would stand having read that. */
  readonly after: readonly LogPosition[]
  /** Of these something was gone already. */
  readonly missed: readonly LogId[]
}

/**
 * Before closed shards are forgotten whose records have expired: a reader that is still to come to one of them, and
 * has something to miss there, has it among its durable positions from now on. So whoever reads on, in another life
 * too, comes to it and names what is gone. Harmless when it is done twice.
 */
export async function leaveShards(
  ports: Pick<DeliveryPorts, 'metadata' | 'logs'>,
  job: Job,
  { expired, ...stream }: SourceStream & { readonly expired: ReadonlySet<string> },
  { main = atOnce, backup = atOnce }: Workers = {},
): Promise<void> {
  const ahead = (positions: readonly LogPosition[]) => withExpired(ports, positions, stream, expired)
  const keep = (place: PlaceOf) => async () => void (await keepAhead(ports, place, ahead))
  const of = async (overtake: Overtake, place: PlaceOf) => {
    const isLacking = await place().then((now) => now && ahead(now.positions))
    if (isLacking) await overtake(keep(place))
  }
  await of(main, job.stage ? stagePlaceOf(ports, job) : linePlaceOf(ports, job, DIRECT))
  if (job.hasBackup) await of(backup, linePlaceOf(ports, job, BACKUP))
}

/** From where a reader goes on after a restart, and the change that has it go on from elsewhere. */
interface ReadingPlace {
  readonly positions: readonly LogPosition[]
  readonly moved: (positions: readonly LogPosition[]) => Change[]
}
type PlaceOf = () => Promise<ReadingPlace | undefined>

async function keepAhead(
  { metadata }: Pick<DeliveryPorts, 'metadata'>,
  placeOf: PlaceOf,
  ahead: (positions: readonly LogPosition[]) => Promise<readonly LogPosition[] | undefined>,
): Promise<void> {
  for (let isDone = false; !isDone; ) {
    const place = await placeOf()
    const positions = place && (await ahead(place.positions))
    if (!positions) return
    isDone = await isCommitted(metadata.commit(place.moved(positions)))
  }
}

const linePlaceOf =
  ({ metadata }: Pick<DeliveryPorts, 'metadata'>, job: Job, outlet: Outlet): PlaceOf =>
  async () => {
    const progress = await loadProgress(metadata, outletIdOf(job, outlet))
    if (!progress) return undefined
    const { checkpoint, sealed } = progress
    return {
      positions: sealed?.value.after ?? checkpoint.value.positions,
      moved: (positions) => moveReading(progress, positions),
    }
  }

const stagePlaceOf =
  ({ metadata }: Pick<DeliveryPorts, 'metadata'>, job: Job): PlaceOf =>
  async () => {
    const checkpoint = await loadCheckpoint(metadata, job)
    if (!checkpoint) return undefined
    const { key, value, revision } = checkpoint
    return {
      positions: value.batch?.to ?? value.positions,
      moved: (positions) => [{ put: key, value: behind(value, positions), expect: revision }],
    }
  }

/** The positions with all shards that come next; undefined where none of the expired ones is missed by these. */
async function withExpired(
  { logs }: Pick<DeliveryPorts, 'logs'>,
  positions: readonly LogPosition[],
  stream: SourceStream,
  expired: ReadonlySet<string>,
): Promise<readonly LogPosition[] | undefined> {
  const known = new Set(positions.filter(({ group }) => group === stream.group).map(({ shardId }) => shardId))
  const ahead = followShards(positions, stream)
  for (const { group, log, shardId, next } of ahead) {
    if (group !== stream.group || known.has(shardId) || !expired.has(shardId)) continue
    if ((await logs.read({ group, log }, next, { entries: 1, bytes: 1 })).skipped) return ahead
  }
  return undefined
}

/** Reads a stream that gets no more records to its end, as a reader at these positions would. */
async function unreadOf(
  { logs, clock }: Pick<DeliveryPorts, 'logs' | 'clock'>,
  job: Job,
  positions: readonly LogPosition[],
  stream: SourceStream,
): Promise<Unread> {
  const buffer = createBuffer({ reading: readingOf({}, isDeAggregated(job)) })
  const missed: LogId[] = []
  const intake = createIntake({
    ...{ logs, positions, now: clock.now, streamArn: streamArnOf(job) },
    streams: { describe: async () => stream },
    take: (id, entries) => buffer.take(id, entries, Number.POSITIVE_INFINITY),
    missed: async (log) => void missed.push(log),
    isFull: () => false,
    wake: () => undefined,
    signal: new AbortController().signal,
  })
  await intake.fill()
  return { content: buffer.content(), after: intake.positions(), missed }
}
