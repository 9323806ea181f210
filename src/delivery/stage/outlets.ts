import { isEngineError, type LogStore } from '../../engine/ports/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import type { Job } from '../job.ts'
import type { Line } from '../line/line.ts'
import { checkpointKeyOf, firstCheckpoint, loadProgress } from '../progress/checkpoint.ts'
import { errorsOutlet, type Outlet, outletIdOf, stagedObjects } from '../progress/outlet.ts'
import { readRepeats } from '../progress/repeats.ts'
import { encodeStaged } from '../reading/reading.ts'
import { type Keys, partitioningFailed } from '../step.ts'
import {
  allocatePartition,
  freePartition,
  keyTextOf,
  listPartitions,
  MAX_PARTITIONS,
  NO_REFUSALS,
  type Refusals,
  refusalsNow,
  saveRefusals,
  withRefusal,
} from './partitions.ts'
import { failed, type Processed } from './process.ts'

/** Outlets that entries are about to be appended for. */
type InUse = Pick<ReadonlyMap<Outlet, unknown>, 'has'>

export interface OutletsOptions {
  readonly ports: DeliveryPorts
  readonly job: () => Job
  readonly open: (outlet: Outlet) => Promise<Line | undefined>
}

interface Held extends OutletsOptions {
  /** By their outlets' names. */
  readonly lines: Map<string, Line>
  /** By the partition's keys. */
  readonly partitions: Map<string, Line>
  refusals: Refusals
}

/** The lines behind a stage: one for objects or one for each dynamic partition, and one for each type of error. */
export async function openOutlets(options: OutletsOptions) {
  const { ports, job } = options
  const held: Held = {
    ...options,
    lines: new Map(),
    partitions: new Map(),
    refusals: NO_REFUSALS,
  }
  for (const outlet of await listKnown(ports, job())) await openKnown(held, outlet)
  return {
    lines: () => [...held.lines.values()],
    partitions: () => held.partitions.size,
    retire: () => retire(held),
    /** Durable when it resolves; each outlet's records stay in their order. */
    emit: (processed: readonly Processed[]) => emit(held, processed),
  }
}

export type Outlets = Awaited<ReturnType<typeof openOutlets>>

/** The outlets that have been opened in an earlier life. */
async function listKnown({ metadata }: DeliveryPorts, job: Job): Promise<Outlet[]> {
  const errors = checkpointKeyOf(outletIdOf(job, errorsOutlet(job, '')))
  const failing = await metadata.list({ prefix: errors })
  const objects = await loadProgress(metadata, outletIdOf(job, stagedObjects(job)))
  return [
    ...failing.map(({ key }) => errorsOutlet(job, key.slice(errors.length))),
    ...(await listPartitions(metadata, job)),
    ...(objects ? [stagedObjects(job)] : []),
  ]
}

async function openKnown({ open, lines, partitions }: Held, outlet: Outlet): Promise<Line | undefined> {
  const line = await open(outlet)
  if (!line) return undefined
  lines.set(outlet.name, line)
  if (outlet.partition) partitions.set(keyTextOf(outlet.partition.keys), line)
  return line
}

async function emit(held: Held, processed: readonly Processed[]): Promise<void> {
  const { ports, job, partitions } = held
  const { metadata, logs } = ports
  const entries = new Map<Outlet, Uint8Array[]>()
  let isExceeded = false
  held.refusals = await refusalsNow(metadata, job(), held.refusals)
  for (const one of processed) {
    const [record, line] = await placeOf(held, one, entries)
    isExceeded ||= record !== one
    const { outlet } = line
    const entry = encodeStaged(record.origin, outlet.partition?.id ?? '', record)
    const own = entries.get(outlet)
    if (own) own.push(entry)
    else entries.set(outlet, [entry])
  }
  if (job().stage?.isPartitioned) job().meters.partitions({ active: partitions.size, isExceeded })
  held.refusals = await saveRefusals(metadata, job(), held.refusals)
  await Promise.all([...entries].map(([outlet, own]) => appendAll(logs, outlet, own)))
}

async function placeOf(held: Held, record: Processed, inUse: InUse): Promise<[Processed, Line]> {
  const line = await outletFor(held, record, inUse)
  if (line) return [record, line]
  const trouble = partitioningFailed('ActivePartitionsLimitExceeded', 'Active partitions limit exceeded')
  const error = failed(record, trouble, { now: held.ports.clock.now(), sourceOf: () => undefined })
  return [error, (await outletFor(held, error, inUse))!]
}

async function outletFor(held: Held, { to }: Processed, inUse: InUse): Promise<Line | undefined> {
  const job = held.job()
  if (to.kind === 'partition') return await partitionLineOf(held, to.keys, inUse)
  return await lineOf(
    held,
    to.kind === 'objects' ? stagedObjects(job) : errorsOutlet(job, to.errorOutputType),
  )
}

/** The line of an outlet that every job may need once. */
async function lineOf(held: Held, outlet: Outlet): Promise<Line | undefined> {
  const { metadata, logs } = held.ports
  const found = held.lines.get(outlet.name)
  if (found) return found
  const id = outletIdOf(held.job(), outlet)
  const first = { ...outlet.log!, shardId: '', next: await logs.seek(outlet.log!, 'oldest') }
  if (!(await loadProgress(metadata, id)))
    await metadata.commit([firstCheckpoint(id, [first])]).catch(unlessConflict)
  return await openKnown(held, outlet)
}

async function partitionLineOf(held: Held, keys: Keys, inUse: InUse): Promise<Line | undefined> {
  const { ports, job, partitions } = held
  const key = keyTextOf(keys)
  const found = partitions.get(key)
  if (found) return found
  if (held.refusals.keys.includes(key)) return undefined
  if (partitions.size >= MAX_PARTITIONS) await retire(held, inUse)
  const outlet = await allocatePartition(ports, job(), keys)
  if (outlet) return await openKnown(held, outlet)
  held.refusals = withRefusal(held.refusals, key)
  return undefined
}

/** Gives back the partitions that have nothing to deliver, and nothing that would be delivered twice if it came again. */
async function retire(held: Held, inUse: InUse = new Set()): Promise<void> {
  const { ports, job, lines, partitions } = held
  const { metadata, logs } = ports
  const repeats = await readRepeats(metadata, job())
  for (const [key, line] of partitions) {
    if (inUse.has(line.outlet) || !line.isIdle() || !(await isReadUp(logs, line))) continue
    if (!repeats || line.seen().some(repeats.mayCome)) continue
    partitions.delete(key)
    lines.delete(line.outlet.name)
    await line.close()
    await freePartition(metadata, job(), line.outlet)
    // What it holds is of a partition that is no more: read up, or read and seen before.
    await logs.trim(line.outlet.log!, await logs.seek(line.outlet.log!, 'newest'))
  }
}

/** What was just appended may not have woken the line yet. */
async function isReadUp(logs: LogStore, line: Line): Promise<boolean> {
  const [position] = line.state().intake.positions()
  return (await logs.read(position!, position!.next, { entries: 1, bytes: 1 })).entries.length === 0
}

/** An append has a size and a number of entries that it takes; what follows goes into the next one. */
async function appendAll(logs: LogStore, { log }: Outlet, entries: readonly Uint8Array[]): Promise<void> {
  const { limits } = logs
  let [from, bytes] = [0, 0]
  for (const [index, { length }] of entries.entries()) {
    if (bytes + length > limits.appendBytes || index - from >= limits.entries) {
      await logs.append(log!, entries.slice(from, index))
      ;[from, bytes] = [index, 0]
    }
    bytes += length
  }
  await logs.append(log!, entries.slice(from))
}

const unlessConflict = (error: unknown) => {
  if (!isEngineError(error, 'Conflict')) throw error
}
