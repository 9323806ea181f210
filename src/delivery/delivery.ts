import { type Problems, unheardProblems } from '../metrics/problems.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import type { Place } from './destination.ts'
import { FORMATS, type Formats } from './formats/formats.ts'
import { type Backlog, backlogOf, type DeliverySummary, type Gauge, gaugeOf, summaryOf } from './gauge.ts'
import { type Job, type JobName, streamArnOf } from './job.ts'
import { type FormerPlace, formerGroupOf, type Landed, landedOf, type PlaceInLog } from './landed.ts'
import { findDelivered } from './lineage/history.ts'
import { sourcesOf } from './lineage/lineage.ts'
import type { Pipeline } from './pipeline.ts'
import { closePipelines, leaveExpired, leaveStream, openPipelines, pipelineNamed, sync } from './pipelines.ts'
import type { SourceStream } from './progress/source.ts'
import type { LogRange } from './reading/log-range.ts'

/** What was delivered of a batch. */
export interface DeliveredBatch {
  /** The type of it. */
  readonly destination: string
  readonly place: Place
  readonly records: number
  readonly bytes: number
}

/** Which record is asked for. */
export type RecordPlace =
  /** One of a job's own log, by its position. */
  | { readonly jobId: string; readonly position: number }
  /** One of a stream, by its log and position. */
  | ({ readonly streamArn: string } & PlaceInLog)
  /** One of whatever stream had that name: of those that do not know it there is no answer. */
  | ({ readonly streamArn: string } & FormerPlace)

/** Something that was delivered, and the pieces of logs that it was made of. */
export interface Origins {
  readonly job: Job
  readonly delivered: DeliverySummary
  /** Where processors chose among the records, others lie between. */
  readonly sources: readonly LogRange[]
}

/** The work behind all jobs of this engine. */
export interface Delivery {
  /**
   * Delivers what is buffered without waiting for its hints; undefined when there is no such job. Rejects with
   * DeliveryFailed.
   */
  deliverNow(name: JobName): Promise<DeliveredBatch[] | undefined>
  /** Undefined when there is no such job. */
  status(name: JobName): Promise<Gauge | undefined>
  /** Of those that are there of these ids. */
  gauges(ids: readonly string[]): Promise<ReadonlyMap<string, Gauge>>
  /** What waits in each job that there is, as far as is known at once. */
  backlogs(): readonly Backlog[]
  /** Grows with whatever may change a gauge but the time. */
  changes(): number
  /** At least one answer for each job that reads the record; none when there is none. */
  landed(place: RecordPlace): Promise<Landed[]>
  /** What was made of which records, by its destination's name for it; undefined when no such delivery is remembered. */
  madeOf(name: string): Promise<Origins | undefined>
  /**
   * Before the records of a deleted stream are dropped, whose logs are sealed: what is not in a batch yet is named as
   * gone. Harmless when it is done twice.
   */
  leave(streamArn: string, stream: SourceStream): Promise<void>
  /** Before shards of a stream are forgotten that have expired: what was not read of them is noted as gone. Harmless when it is done twice. */
  leaveShards(streamArn: string, stream: SourceStream, expired: ReadonlySet<string>): Promise<void>
  /** Stops working; buffers stay in the logs with their deadlines. */
  close(): Promise<void>
}

export interface DeliveryOptions extends Omit<DeliveryPorts, 'changed' | 'formats' | 'report' | 'problems'> {
  /** Beside those that there are. */
  readonly formats?: Formats
  readonly report?: DeliveryPorts['report']
  /** Grows with whatever this process puts into the logs; absent: something may always have been. */
  readonly logChanges?: () => number
  /** Nowhere if absent. */
  readonly problems?: Problems
}

/** Works on all jobs from now on; what came due meanwhile is delivered at once. */
export async function startDelivery(options: DeliveryOptions): Promise<Delivery> {
  let changes = 0
  const ports: DeliveryPorts = {
    report: () => undefined,
    problems: unheardProblems,
    ...options,
    formats: { ...FORMATS, ...options.formats },
    changed() {
      changes += 1
    },
  }
  const { clock } = ports
  const pipelines = await openPipelines(ports)
  const synced = () => pipelines.run(() => sync(pipelines))
  const all = () => [...pipelines.open.values()]
  let settled: number | undefined
  const stopSettling = clock.onMove(async (isUnderWay) => {
    const now = options.logChanges?.()
    // Within a move only what this process does can be new, and most steps put nothing into a log.
    if (isUnderWay && now !== undefined && now === settled && pipelines.changed.size === 0) return
    settled = now
    await synced()
    await Promise.all(all().map((pipeline) => pipeline.settle()))
  })
  return {
    async deliverNow(name) {
      const delivered = await (await pipelineNamed(pipelines, name))?.deliverNow()
      return delivered
        ?.filter(({ outcome }) => outcome.status === 'delivered')
        .map(({ destination, place, records, bytes }) => ({ destination, place, records, bytes }))
    },
    async status(name) {
      const pipeline = await pipelineNamed(pipelines, name)
      return pipeline && gaugeOf(pipeline, clock.now())
    },
    async gauges(wanted) {
      await synced()
      const found = wanted.flatMap((id) => pipelines.open.get(id) ?? [])
      return new Map(found.map((pipeline) => [pipeline.job().id, gaugeOf(pipeline, clock.now())]))
    },
    backlogs: () => all().map((pipeline) => backlogOf(pipeline, clock.now())),
    changes: () => changes,
    async landed(place) {
      await synced()
      const found = await Promise.all(all().map((pipeline) => landedIn(ports, pipeline, place)))
      return found.flat()
    },
    async madeOf(name) {
      await synced()
      const found = await findDelivered(ports.metadata, name)
      const job = found && pipelines.open.get(found.jobId)?.job()
      return job && { job, delivered: summaryOf(found.delivered), sources: sourcesOf(found.delivered) }
    },
    leave: (streamArn, stream) => leaveStream(pipelines, streamArn, stream),
    leaveShards: (streamArn, stream, expired) => leaveExpired(pipelines, streamArn, stream, expired),
    async close() {
      stopSettling()
      await closePipelines(pipelines)
    },
  }
}

async function landedIn(ports: DeliveryPorts, pipeline: Pipeline, place: RecordPlace): Promise<Landed[]> {
  const { id, source } = pipeline.job()
  if ('streamArn' in place) {
    if (streamArnOf(pipeline.job()) !== place.streamArn) return []
    if ('group' in place) return await landedOf(ports, pipeline, place)
    const group = await formerGroupOf(ports, pipeline, place)
    return group === undefined ? [] : await landedOf(ports, pipeline, { ...place, group })
  }
  if (id !== place.jobId || !('log' in source)) return []
  return await landedOf(ports, pipeline, { ...source.log, position: place.position })
}
