import { isEngineError, type LogId } from '../engine/ports/engine.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { isDeAggregated, type Job, readJob, streamArnOf } from './job.ts'
import { createBuffer } from './line/buffer.ts'
import { createIntake } from './line/intake.ts'
import { sealBatch } from './line/seal.ts'
import { addGone, noteUnread, whyUnread } from './lineage/gone.ts'
import type { Manifest } from './lineage/manifest.ts'
import { commitSeal, loadProgress } from './progress/checkpoint.ts'
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

/** Who reads a job's stream, and how far it is. */
export interface SourceReader {
  readonly outletName: string
  readonly positions: readonly LogPosition[]
}

/** Those of a job that nobody works on here. */
async function readersOf({ metadata }: Pick<DeliveryPorts, 'metadata'>, job: Job): Promise<SourceReader[]> {
  const ofStage = async () => {
    const value = (await loadCheckpoint(metadata, job))?.value
    return value && { outletName: STAGE, positions: value.batch?.to ?? value.positions }
  }
  const of = async (outlet: Outlet) => {
    const progress = await loadProgress(metadata, outletIdOf(job, outlet))
    const positions = progress?.sealed?.value.after ?? progress?.checkpoint.value.positions
    return positions && { outletName: outlet.name, positions }
  }
  const readers = [await (job.stage ? ofStage() : of(DIRECT)), job.hasBackup ? await of(BACKUP) : undefined]
  return readers.filter((reader) => reader !== undefined)
}

/**
 * Before closed shards are forgotten whose records have expired: of those that a reader has never heard of it is noted
 * that it missed something if it did. Those that it knows it reads to their ends, and notices by itself. Harmless when it
 * is done twice.
 */
export async function leaveShards(
  { metadata, logs, clock }: Pick<DeliveryPorts, 'metadata' | 'logs' | 'clock'>,
  job: Job,
  stream: SourceStream,
  { expired, readers }: { readonly expired: ReadonlySet<string>; readonly readers?: readonly SourceReader[] },
): Promise<void> {
  for (const { outletName, positions } of readers ?? (await readersOf({ metadata }, job))) {
    const known = new Set(
      positions.filter(({ group }) => group === stream.group).map(({ shardId }) => shardId),
    )
    for (const { group, log, shardId, next } of followShards(positions, stream)) {
      if (group !== stream.group || known.has(shardId) || !expired.has(shardId)) continue
      const { skipped } = await logs.read({ group, log }, next, { entries: 1, bytes: 1 })
      if (skipped) await noteUnread(metadata, { jobId: job.id, outletName }, { group, log }, clock.now())
    }
  }
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
