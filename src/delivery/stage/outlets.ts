import { isEngineError } from '../../engine/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import type { Job } from '../job.ts'
import type { Line } from '../line/line.ts'
import { firstCheckpoint, loadProgress } from '../progress/checkpoint.ts'
import { errorsOutlet, type Outlet, outletIdOf, stagedObjects } from '../progress/outlet.ts'
import { readRepeats } from '../progress/repeats.ts'
import { encodeStaged } from '../reading/reading.ts'
import { partitioningFailed } from '../step.ts'
import {
  allocatePartition,
  createRefusals,
  freePartition,
  keyTextOf,
  listPartitions,
  MAX_PARTITIONS,
} from './partitions.ts'
import { failed, type Processed } from './process.ts'

/** AWS's error-output-types that our processors know. */
const ERROR_OUTPUT_TYPES = ['processing-failed', 'decompression-failed']

/** Outlets that entries are about to be appended for. */
type InUse = Pick<ReadonlyMap<Outlet, unknown>, 'has'>

export interface OutletsOptions {
  readonly ports: DeliveryPorts
  readonly job: () => Job
  readonly open: (outlet: Outlet) => Promise<Line | undefined>
}

/** The lines behind a stage: one for objects or one for each dynamic partition, and one for each type of error. */
export async function openOutlets({ ports, job, open }: OutletsOptions) {
  const { metadata, logs, clock } = ports
  const lines = new Map<string, Line>()
  /** By the partition's keys. */
  const partitions = new Map<string, Line>()
  const refusals = createRefusals(metadata, job())

  async function openKnown(outlet: Outlet): Promise<Line | undefined> {
    const line = await open(outlet)
    if (!line) return undefined
    lines.set(outlet.name, line)
    if (outlet.partition) partitions.set(keyTextOf(outlet.partition.keys), line)
    return line
  }

  /** The line of an outlet that every job may need once. */
  async function lineOf(outlet: Outlet): Promise<Line | undefined> {
    const found = lines.get(outlet.name)
    if (found) return found
    const id = outletIdOf(job(), outlet)
    const first = { ...outlet.log!, shardId: '', next: await logs.seek(outlet.log!, 'oldest') }
    if (!(await loadProgress(metadata, id)))
      await metadata.commit([firstCheckpoint(id, [first])]).catch(unlessConflict)
    return await openKnown(outlet)
  }

  async function partitionLineOf(
    keys: Readonly<Record<string, string>>,
    inUse: InUse,
  ): Promise<Line | undefined> {
    const found = partitions.get(keyTextOf(keys))
    if (found) return found
    if (refusals.has(keyTextOf(keys))) return undefined
    if (partitions.size >= MAX_PARTITIONS) await retire(inUse)
    const outlet = await allocatePartition(ports, job(), keys)
    if (outlet) return await openKnown(outlet)
    refusals.add(keyTextOf(keys))
    return undefined
  }

  /** Gives back the partitions that have nothing to deliver, and nothing that would be delivered twice if it came again. */
  async function retire(inUse: InUse = new Set()): Promise<void> {
    const repeats = await readRepeats(metadata, job())
    for (const [key, line] of partitions) {
      if (inUse.has(line.outlet) || !line.isIdle() || !(await isReadUp(line))) continue
      if (!repeats || line.seen().some(repeats.mayCome)) continue
      partitions.delete(key)
      lines.delete(line.outlet.name)
      await line.close()
      await freePartition(metadata, job(), line.outlet)
    }
  }

  /** What was just appended may not have woken the line yet. */
  async function isReadUp(line: Line): Promise<boolean> {
    const [position] = line.state().intake.positions()
    return (await logs.read(position!, position!.next, { entries: 1, bytes: 1 })).entries.length === 0
  }

  for (const type of ERROR_OUTPUT_TYPES) {
    const outlet = errorsOutlet(job(), type)
    if (await loadProgress(metadata, outletIdOf(job(), outlet))) await openKnown(outlet)
  }
  for (const outlet of await listPartitions(metadata, job())) await openKnown(outlet)
  if (await loadProgress(metadata, outletIdOf(job(), stagedObjects(job()))))
    await openKnown(stagedObjects(job()))

  async function outletFor({ to }: Processed, inUse: InUse): Promise<Line | undefined> {
    if (to.kind === 'partition') return await partitionLineOf(to.keys, inUse)
    return await lineOf(
      to.kind === 'objects' ? stagedObjects(job()) : errorsOutlet(job(), to.errorOutputType),
    )
  }

  return {
    lines: () => [...lines.values()],
    partitions: () => partitions.size,
    retire: () => retire(),
    /** Durable when it resolves; each outlet's records stay in their order. */
    async emit(processed: readonly Processed[]): Promise<void> {
      const entries = new Map<Outlet, Uint8Array[]>()
      let isExceeded = false
      await refusals.begin()
      for (const one of processed) {
        const [record, line] = await placeOf(one, entries)
        isExceeded ||= record !== one
        const { outlet } = line
        const entry = encodeStaged(record.origin, outlet.partition?.id ?? '', record)
        const own = entries.get(outlet)
        if (own) own.push(entry)
        else entries.set(outlet, [entry])
      }
      if (job().stage?.isPartitioned) job().meters.partitions({ active: partitions.size, isExceeded })
      await refusals.save()
      await Promise.all([...entries].map(([outlet, own]) => appendAll(outlet, own)))
    },
  }

  async function placeOf(record: Processed, inUse: InUse): Promise<[Processed, Line]> {
    const line = await outletFor(record, inUse)
    if (line) return [record, line]
    const trouble = partitioningFailed('ActivePartitionsLimitExceeded', 'Active partitions limit exceeded')
    const error = failed(record, trouble, { now: clock.now(), sourceOf: () => undefined })
    return [error, (await outletFor(error, inUse))!]
  }

  /** An append has a size of its own; what follows goes into the next one. */
  async function appendAll({ log }: Outlet, entries: readonly Uint8Array[]): Promise<void> {
    let [from, bytes] = [0, 0]
    for (const [index, { length }] of entries.entries()) {
      if (bytes + length > logs.limits.appendBytes) {
        await logs.append(log!, entries.slice(from, index))
        ;[from, bytes] = [index, 0]
      }
      bytes += length
    }
    await logs.append(log!, entries.slice(from))
  }
}

export type Outlets = Awaited<ReturnType<typeof openOutlets>>

const unlessConflict = (error: unknown) => {
  if (!isEngineError(error, 'Conflict')) throw error
}
