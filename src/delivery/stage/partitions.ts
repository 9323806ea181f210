import type { Document, LogStore, MetadataStore } from '../../engine/engine.ts'
import type { Firehose } from '../../firehose/firehose.ts'
import type { DeliveryStream } from '../../firehose/streams/delivery-stream.ts'
import { checkpointKeyOf, firstCheckpoint } from '../progress/checkpoint.ts'
import { type Outlet, outletIdOf, partitionOutlet } from '../progress/outlet.ts'

/** AWS's quota of active partitions. https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_PARTITIONS = 500

const PARTITION = 'firehose/partition/'
const prefixOf = (deliveryStreamId: string) => `${PARTITION}${deliveryStreamId}/`
export const allPartitionsOf = prefixOf

interface Allocation {
  readonly id: string
  readonly slot: number
  readonly keys: Readonly<Record<string, string>>
}

/** The same text for the same keys. */
export const keyTextOf = (keys: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(keys).sort())

const outletOf = (stream: DeliveryStream, { id, slot, keys }: Allocation): Outlet =>
  partitionOutlet(stream, slot, { id, keys })

/** The partitions that have something to deliver, as they were left. */
export async function listPartitions(metadata: MetadataStore, stream: DeliveryStream): Promise<Outlet[]> {
  const documents = await metadata.list<Allocation>({ prefix: prefixOf(stream.id) })
  return documents.map(({ value }) => outletOf(stream, value))
}

/** Gives a new partition one of the logs that are free; undefined when every one is in use. */
export async function allocatePartition(
  { metadata, logs, random }: Pick<Firehose, 'metadata' | 'logs' | 'random'>,
  stream: DeliveryStream,
  keys: Readonly<Record<string, string>>,
): Promise<Outlet | undefined> {
  const documents = await listDocuments(metadata, stream)
  const known = documents.find(({ value }) => keyTextOf(value.keys) === keyTextOf(keys))
  if (known) return outletOf(stream, known.value)
  const used = new Set(documents.map(({ value }) => value.slot))
  const slot = Array.from({ length: MAX_PARTITIONS }, (_, index) => index).find((index) => !used.has(index))
  if (slot === undefined) return undefined
  const allocation: Allocation = { id: random.uuid(), slot, keys }
  const outlet = outletOf(stream, allocation)
  await metadata.commit([
    { put: documentKeyOf(stream, slot), value: allocation, expect: 'absent' },
    firstCheckpoint(outletIdOf(stream, outlet), [await newestOf(logs, outlet)]),
  ])
  return outlet
}

/** Gives a partition's log back; for one with nothing to deliver. */
export async function freePartition(
  metadata: MetadataStore,
  stream: DeliveryStream,
  outlet: Outlet,
): Promise<void> {
  const slot = Number(outlet.name.split('/')[1])
  const checkpointKey = checkpointKeyOf(outletIdOf(stream, outlet))
  await metadata.commit([{ delete: documentKeyOf(stream, slot) }, { delete: checkpointKey }])
}

async function newestOf(logs: LogStore, { log }: Outlet) {
  return { ...log!, shardId: '', next: await logs.seek(log!, 'newest') }
}

const documentKeyOf = ({ id }: DeliveryStream, slot: number) =>
  `${prefixOf(id)}${String(slot).padStart(6, '0')}`
const listDocuments = (metadata: MetadataStore, { id }: DeliveryStream): Promise<Document<Allocation>[]> =>
  metadata.list({ prefix: prefixOf(id) })
