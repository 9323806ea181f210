import type { DeliveryPorts } from '../delivery-ports.ts'
import { type Job, readJob } from '../job.ts'
import { isCommitted, unreadOf } from '../line/lose-unread.ts'
import { addGone, noteUnread, whyUnread } from '../lineage/gone.ts'
import { STAGE } from '../progress/outlet.ts'
import { rangesBetween } from '../progress/repeats.ts'
import type { SourceStream } from '../progress/source.ts'
import type { LogPosition } from '../reading/log-range.ts'
import { loadCheckpoint, type StageCheckpoint } from './batch.ts'

/** Before a stream's records are dropped: those that a stage has not begun are counted as gone, and it is behind them. */
export async function loseUnstaged(
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
