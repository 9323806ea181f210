import type { Cancel } from '../clock/clock.ts'
import { type Background, inBackground } from '../engine/ports/background.ts'
import { isEngineError } from '../engine/ports/engine.ts'
import { forgetStandstill } from './backlog/watch.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { type Job, type JobName, readUndamagedJob, streamArnOf } from './job.ts'
import { leaveShards, leaveSource } from './leave-source.ts'
import { forgetRefusal } from './line/permission.ts'
import { forgiveGone } from './lineage/gone.ts'
import { openPipeline, type Pipeline, type SharedByJobs } from './pipeline.ts'
import type { SourceStream } from './progress/source.ts'
import { clearRemains, endJob, isOver } from './remains.ts'
import { createSites } from './retries/sites.ts'
import { sayNoMore } from './stage/judging.ts'
import { createSerial, createSlots } from './turns.ts'

/** Objects that are compressed at the same time. */
const COMPRESSIONS = 2

/** The pipelines of all jobs, and what is known of their documents. */
export interface Pipelines {
  readonly ports: DeliveryPorts
  /** By their jobs' ids. */
  readonly open: Map<string, Pipeline>
  readonly endings: Map<string, Cancel>
  /** The documents that nobody has looked at since they changed, by their keys. */
  readonly changed: Set<string>
  /** Which job stood under a key when it was looked at. */
  readonly ids: Map<string, string>
  /** They will be looked at without being asked to. */
  isAwaited: boolean
  readonly shared: SharedByJobs
  readonly closing: AbortController
  readonly run: ReturnType<typeof createSerial>
  /** `sync` in its turn, which nobody waits for. */
  readonly syncing: Background
}

/** Finds all jobs and works on them from now on; what came due meanwhile is delivered at once. */
export async function openPipelines(ports: DeliveryPorts): Promise<Pipelines> {
  const pipelines: Pipelines = {
    ports,
    open: new Map(),
    endings: new Map(),
    changed: new Set(),
    ids: new Map(),
    isAwaited: false,
    shared: { compressions: createSlots(COMPRESSIONS), sites: createSites(ports.clock) },
    closing: new AbortController(),
    run: createSerial(),
    syncing: inBackground(ports.problems, {
      where: 'delivery',
      meanwhile: 'what was changed of delivery streams and channels is not done yet',
      work: () => pipelines.run(() => sync(pipelines)),
    }),
  }
  watchJobs(pipelines)
  await pipelines
    .run(() => syncAll(pipelines))
    .catch(async (error: unknown) => {
      pipelines.closing.abort()
      await closeAll(pipelines)
      throw error
    })
  return pipelines
}

function watchJobs(pipelines: Pipelines): void {
  const { ports, changed, closing, syncing } = pipelines
  const { clock, metadata } = ports
  const look = (key: string) => {
    changed.add(key)
    if (pipelines.isAwaited) return
    pipelines.isAwaited = true
    clock.at(clock.now(), syncing.run)
  }
  for (const { keys: prefix } of ports.jobs) metadata.watch(prefix, look, closing.signal)
}

/** Opens and closes pipelines until they are those of the jobs that there are; costs what has changed. */
export async function sync(pipelines: Pipelines): Promise<void> {
  pipelines.isAwaited = false
  if (pipelines.changed.size > 0) await lookAtChanged(pipelines)
}

async function lookAtChanged(pipelines: Pipelines): Promise<void> {
  const { ports, changed, closing } = pipelines
  if (closing.signal.aborted) return
  const keys = [...changed]
  changed.clear()
  try {
    for (const key of keys) await look(pipelines, key)
    await clearRemains(ports)
  } catch (error) {
    for (const key of keys) changed.add(key)
    throw error
  }
}

async function look(pipelines: Pipelines, key: string): Promise<void> {
  const { ports, ids } = pipelines
  const job = (await readUndamagedJob(ports, key))?.value
  const before = ids.get(key)
  if (before !== undefined && before !== job?.id) {
    ids.delete(key)
    await forgetPipeline(pipelines, before)
  }
  ports.changed()
  if (!job) return
  ids.set(key, job.id)
  if (job.goneAt !== undefined) await end(pipelines, job, job.goneAt)
  else await openOrRefresh(pipelines, job)
}

/** Looks at all of them: at first, and when one is asked for that another process may just have made. */
export async function syncAll(pipelines: Pipelines): Promise<void> {
  const { ports, changed, ids } = pipelines
  for (const key of ids.keys()) changed.add(key)
  // A damaged document keeps none of the others from it.
  for (const { keys: prefix } of ports.jobs)
    for (const { key } of await ports.metadata.list({ prefix, damaged: 'left out' })) changed.add(key)
  await lookAtChanged(pipelines)
}

async function openOrRefresh({ ports, open, shared }: Pipelines, job: Job): Promise<void> {
  const known = open.get(job.id)
  if (known) return await known.refresh(job)
  const pipeline = await openPipeline(ports, job, shared)
  if (pipeline) open.set(job.id, pipeline)
}

async function end(pipelines: Pipelines, job: Job, goneAt: number): Promise<void> {
  const { ports, endings, changed, syncing } = pipelines
  const { clock } = ports
  await forgetPipeline(pipelines, job.id)
  if (isOver(job, clock.now())) {
    endings.delete(job.id)
    await endJob(ports, job)
  } else if (!endings.has(job.id)) {
    const look = () => {
      changed.add(job.documentKey)
      return syncing.run()
    }
    endings.set(job.id, clock.at(goneAt, look))
  }
}

/** Of a job that is no more. */
async function forgetPipeline(pipelines: Pipelines, id: string): Promise<void> {
  const { problems } = pipelines.ports
  const job = pipelines.open.get(id)?.job()
  await closePipeline(pipelines, id)
  if (!job) return
  forgiveGone(problems, job.where)
  forgetStandstill(problems, job)
  sayNoMore(problems, job)
  forgetRefusal(problems, job)
}

/**
 * Before the records of a stream are dropped, whose logs are sealed: what its readers have in no batch yet is named as
 * gone. Harmless when it is done twice.
 */
export const leaveStream = (pipelines: Pipelines, streamArn: string, stream: SourceStream): Promise<void> =>
  withReadersOf(pipelines, streamArn, (job, pipeline) =>
    pipeline ? pipeline.leaveSource(stream) : leaveSource(pipelines.ports, job, stream),
  )

/**
 * Before shards of a stream are forgotten that have expired: what its readers had not read of them is noted as gone.
 * Harmless when it is done twice.
 */
export const leaveExpired = (
  pipelines: Pipelines,
  streamArn: string,
  stream: SourceStream,
  expired: ReadonlySet<string>,
): Promise<void> =>
  withReadersOf(pipelines, streamArn, (job, pipeline) =>
    pipeline
      ? pipeline.leaveShards(stream, expired)
      : leaveShards(pipelines.ports, job, { ...stream, expired }),
  )

async function withReadersOf(
  { ports, open }: Pipelines,
  streamArn: string,
  leave: (job: Job, pipeline: Pipeline | undefined) => Promise<void>,
): Promise<void> {
  for (const kind of ports.jobs)
    for (const { value: job } of await kind.list(ports.metadata, {
      prefix: kind.keys,
      damaged: 'left out',
    })) {
      if (streamArnOf(job) !== streamArn || job.goneAt !== undefined) continue
      // One damaged document keeps none of the others from it; what it is says the engine.
      await leave(job, open.get(job.id)).catch(unlessDamaged)
    }
}

function unlessDamaged(error: unknown): void {
  if (!isEngineError(error, 'Damaged')) throw error
}

async function closePipeline({ open }: Pipelines, id: string): Promise<void> {
  const pipeline = open.get(id)
  open.delete(id)
  await pipeline?.close()
}

async function closeAll(pipelines: Pipelines): Promise<void> {
  await Promise.all([...pipelines.open.keys()].map((id) => closePipeline(pipelines, id)))
}

/** Stops working; buffers stay in the logs with their deadlines. */
export async function closePipelines(pipelines: Pipelines): Promise<void> {
  pipelines.closing.abort()
  for (const cancel of pipelines.endings.values()) cancel()
  await pipelines.syncing.close()
  await pipelines.run(async () => undefined)
  await closeAll(pipelines)
}

/** Of the job of that name, or of that other name that it has; undefined when there is none. */
export async function pipelineNamed(pipelines: Pipelines, name: JobName): Promise<Pipeline | undefined> {
  const { run } = pipelines
  await run(() => sync(pipelines))
  const found = named(pipelines, name)
  if (found) return found
  await run(() => syncAll(pipelines))
  return named(pipelines, name)
}

function named({ ports, open }: Pipelines, { account, region, name }: JobName): Pipeline | undefined {
  const found = [...open.values()].filter((pipeline) => {
    const job = pipeline.job()
    if (job.account !== account || job.region !== region) return false
    return job.name === name || job.alias === name
  })
  for (const { keys: prefix } of ports.jobs) {
    const own = found.find((pipeline) => pipeline.job().documentKey.startsWith(prefix))
    if (own) return own
  }
  return undefined
}
