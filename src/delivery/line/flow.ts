import type { LogId } from '../../engine/ports/engine.ts'
import type { Job } from '../job.ts'
import type { Outlet } from '../progress/outlet.ts'
import { type Ahead, createAhead } from './ahead.ts'
import { type Buffer, createBuffer } from './buffer.ts'
import { checkUnmoved, type Dispatch, progressOf, sealedOf } from './dispatch.ts'
import { createIntake, type Intake } from './intake.ts'
import { readPermission } from './permission.ts'

/** What is read, and what of it waits. */
export interface Flow {
  readonly intake: Intake
  readonly buffer: Buffer
  /** What there is no room for. */
  readonly ahead: Ahead
  /** Ends the waiting for more. */
  readonly waits: AbortController
}

export const hintsOf = (job: Job, { kind }: Outlet, buffer: Buffer) =>
  job.hintsOf(kind, buffer.totals().oldestArrival)

interface FlowOptions {
  /** Of what is durable. */
  readonly dispatch: Dispatch
  /** Of the job's source, if it is a stream. */
  readonly streamArn: string | undefined
  /** Told of a log of which something was gone before it could be read, and nobody counted all of it. */
  readonly onMissed: (outlet: Outlet, log: LogId) => Promise<void>
  /** Called when there may be something to read. */
  readonly wake: () => void
}

/** Reads on from what is durable: behind the sealed batch, or behind the checkpoint. */
export function openFlow({ dispatch, streamArn, onMissed, wake }: FlowOptions): Flow {
  const { ports, outlet, job, reading } = dispatch
  const sealed = sealedOf(dispatch)
  const { positions, seen = [] } = progressOf(dispatch).checkpoint.value
  const waits = new AbortController()
  const buffer = createBuffer({
    reading,
    seen: outlet.log && (sealed?.seen?.after ?? seen),
    delimiterBytes: () => job().planOf(outlet).delimiter?.length ?? 0,
  })
  const hints = () => hintsOf(job(), outlet, buffer)
  const from = sealed?.after ?? positions
  const source = {
    logs: ports.logs,
    now: ports.clock.now,
    streams: ports.streams,
    streamArn: outlet.log ? undefined : streamArn,
    mayRead: readPermission(ports, job),
    signal: waits.signal,
  }
  const ahead = createAhead({ ...source, metadata: ports.metadata, id: dispatch.id, positions: from })
  const intake = createIntake({
    ...source,
    positions: from,
    take: (log, entries) => buffer.take(log, entries, hints().sizeBytes),
    expects: ahead.expects,
    async missed(log, gap) {
      // Whoever moved the outlet on has named what was there.
      await checkUnmoved(dispatch)
      const { ranges, gone: former = [] } = buffer.content()
      const { gone, isWhole } = gap ? await ahead.gapOf(gap, [...ranges, ...former]) : { isWhole: false }
      if (gone) buffer.lose(gone)
      if (!isWhole) await onMissed(outlet, log)
    },
    isFull: () => buffer.totals().bytes >= hints().sizeBytes,
    wake,
  })
  return { intake, buffer, ahead, waits }
}
