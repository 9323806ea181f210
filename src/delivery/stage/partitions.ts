import { list, named, number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Document, LogStore, MetadataStore } from '../../engine/ports/engine.ts'
import type { DeliveryPorts } from '../delivery-ports.ts'
import type { Job } from '../job.ts'
import { checkpointKeyOf, firstCheckpoint } from '../progress/checkpoint.ts'
import { type Outlet, outletIdOf, partitionOutlet, stageIdOf } from '../progress/outlet.ts'

/** AWS's quota of active partitions. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_PARTITIONS = 500

const PARTITION = 'firehose/partition/'
const prefixOf = (jobId: string) => `${PARTITION}${jobId}/`
export const allPartitionsOf = prefixOf

export interface Allocation {
  readonly id: string
  readonly slot: number
  readonly keys: Readonly<Record<string, string>>
}

export const partitionDocument = document<Allocation>({
  keys: PARTITION,
  version: 1,
  check: shape<Allocation>({ id: text, slot: number, keys: named(text) }),
})

/** The same text for the same keys. */
export const keyTextOf = (keys: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(keys).sort())

const outletOf = (job: Pick<Job, 'id'>, { id, slot, keys }: Allocation): Outlet =>
  partitionOutlet(job, slot, { id, keys })

/** The partitions that have something to deliver, as they were left. */
export async function listPartitions(metadata: MetadataStore, job: Pick<Job, 'id'>): Promise<Outlet[]> {
  const documents = await listDocuments(metadata, job)
  return documents.map(({ value }) => outletOf(job, value))
}

/** Gives a new partition one of the logs that are free; undefined when every one is in use. */
export async function allocatePartition(
  { metadata, logs, random }: Pick<DeliveryPorts, 'metadata' | 'logs' | 'random'>,
  job: Pick<Job, 'id'>,
  keys: Readonly<Record<string, string>>,
): Promise<Outlet | undefined> {
  const documents = await listDocuments(metadata, job)
  const known = documents.find(({ value }) => keyTextOf(value.keys) === keyTextOf(keys))
  if (known) return outletOf(job, known.value)
  const used = new Set(documents.map(({ value }) => value.slot))
  const slot = Array.from({ length: MAX_PARTITIONS }, (_, index) => index).find((index) => !used.has(index))
  if (slot === undefined) return undefined
  const allocation: Allocation = { id: random.uuid(), slot, keys }
  const outlet = outletOf(job, allocation)
  await metadata.commit([
    { put: documentKeyOf(job, slot), value: allocation, expect: 'absent' },
    firstCheckpoint(outletIdOf(job, outlet), [await newestOf(logs, outlet)]),
  ])
  return outlet
}

/** Gives a partition's log back; for one with nothing to deliver. */
export async function freePartition(
  metadata: MetadataStore,
  job: Pick<Job, 'id'>,
  outlet: Outlet,
): Promise<void> {
  const slot = Number(outlet.name.split('/')[1])
  const checkpointKey = checkpointKeyOf(outletIdOf(job, outlet))
  await metadata.commit([{ delete: documentKeyOf(job, slot) }, { delete: checkpointKey }])
}

async function newestOf(logs: LogStore, { log }: Outlet) {
  return { ...log!, shardId: '', next: await logs.seek(log!, 'newest') }
}

const documentKeyOf = ({ id }: Pick<Job, 'id'>, slot: number) =>
  `${prefixOf(id)}${String(slot).padStart(6, '0')}`
const listDocuments = (metadata: MetadataStore, { id }: Pick<Job, 'id'>): Promise<Document<Allocation>[]> =>
  partitionDocument.list(metadata, { prefix: prefixOf(id) })

/**
 * The keys that got no partition in a batch: their records have gone to the errors. When the batch is repeated there may
 * be a partition left, so what was decided is kept until the batch is over.
 */
export interface Refused {
  /** Of the stage's progress when the batch was begun. */
  readonly batch: number
  readonly keys: readonly string[]
}

const REFUSED = 'firehose/refused/'
export const refusedDocument = document<Refused>({
  keys: REFUSED,
  version: 1,
  check: shape<Refused>({ batch: number, keys: list(text) }),
})

export const refusedKeyOf = ({ id }: Pick<Job, 'id'>): string => REFUSED + id

/** What is refused in the batch under way, and whether that is durable. */
export interface Refusals extends Refused {
  readonly isSaved: boolean
}

export const NO_REFUSALS: Refusals = { batch: -1, keys: [], isSaved: true }

/** Those of a batch of which something is about to be emitted, the last batch's being `before`. */
export async function refusalsNow(
  metadata: MetadataStore,
  job: Pick<Job, 'id'>,
  before: Refusals,
): Promise<Refusals> {
  const batch = (await metadata.get(checkpointKeyOf(stageIdOf(job))))?.revision ?? -1
  if (before.batch === batch) return before
  const known = (await refusedDocument.get(metadata, refusedKeyOf(job)))?.value
  return known?.batch === batch ? { ...known, isSaved: true } : { batch, keys: [], isSaved: true }
}

export const withRefusal = (refusals: Refusals, key: string): Refusals =>
  refusals.keys.includes(key) ? refusals : { ...refusals, keys: [...refusals.keys, key], isSaved: false }

/** Makes them durable: to be done before any record of the batch leaves. */
export async function saveRefusals(
  metadata: MetadataStore,
  job: Pick<Job, 'id'>,
  refusals: Refusals,
): Promise<Refusals> {
  const { batch, keys, isSaved } = refusals
  if (!isSaved) await metadata.commit([{ put: refusedKeyOf(job), value: { batch, keys } satisfies Refused }])
  return { ...refusals, isSaved: true }
}
