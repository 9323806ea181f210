import { isEngineError, type LogId } from '../../engine/ports/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import { isDeAggregated, type Job, readJob, streamArnOf } from '../job.ts'
import { noteUnread } from '../lineage/gone.ts'
import type { Manifest } from '../lineage/manifest.ts'
import { commitSeal, loadProgress } from '../progress/checkpoint.ts'
import { type Outlet, outletIdOf } from '../progress/outlet.ts'
import type { SourceStream } from '../progress/source.ts'
import type { Content, LogPosition } from '../reading/log-range.ts'
import { readingOf } from '../reading/reading.ts'
import { createBuffer } from './buffer.ts'
import { createIntake } from './intake.ts'
import { sealBatch } from './seal.ts'

/**
 * Before a stream's records are dropped: those that a line has not sealed are part of its batch from now on, as gone
 * from it. They are named with it, once, whoever dies meanwhile.
 */
export async function loseUnread(
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

/** False when somebody else was at work on it. */
export async function isCommitted(commit: Promise<unknown>): Promise<boolean> {
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

/** Reads a stream that gets no more records to its end, as a reader at these positions would. */
export async function unreadOf(
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
