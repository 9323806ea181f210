import type { Change, Document, MetadataStore, Revision } from '../../engine/engine.ts'
import { type DeliveryStream, streamKeyOf } from '../delivery-stream.ts'
import type { Delivered, DeliveryOutcome, Manifest } from './manifest.ts'
import type { LogPosition } from './source.ts'

/** Everything before these positions is in an object. */
export interface Checkpoint {
  readonly positions: readonly LogPosition[]
  /** How many objects came before. */
  readonly objects: number
}

/** Deliveries that are remembered for each delivery stream; older ones are forgotten. */
export const HISTORY = 1000

const CHECKPOINT = 'firehose/checkpoint/'
const MANIFEST = 'firehose/manifest/'
const DELIVERED = 'firehose/delivered/'

const checkpointKeyOf = (id: string) => CHECKPOINT + id
const manifestKeyOf = (id: string) => MANIFEST + id
const deliveredKeyOf = (id: string, number: number) => `${DELIVERED}${id}/${String(number).padStart(12, '0')}`

/** Where delivery begins; part of the commit that creates the delivery stream. */
export const firstCheckpoint = (id: string, positions: readonly LogPosition[]): Change => ({
  put: checkpointKeyOf(id),
  value: { positions, objects: 0 } satisfies Checkpoint,
  expect: 'absent',
})

/** The durable state of one delivery stream's line, and the revisions that fence off whoever else works on it. */
export interface Progress {
  readonly checkpoint: Document<Checkpoint>
  /** Sealed, and not known to be delivered. */
  readonly sealed?: Document<Manifest>
}

export async function loadProgress(metadata: MetadataStore, id: string): Promise<Progress | undefined> {
  const checkpoint = await metadata.get<Checkpoint>(checkpointKeyOf(id))
  const sealed = await metadata.get<Manifest>(manifestKeyOf(id))
  return checkpoint && { checkpoint, ...(sealed && { sealed }) }
}

/** Makes the manifest durable. Rejects with Conflict when the delivery stream or its checkpoint has changed. */
export async function commitSeal(
  metadata: MetadataStore,
  stream: Document<DeliveryStream>,
  { checkpoint }: Progress,
  manifest: Manifest,
): Promise<Progress> {
  const key = manifestKeyOf(stream.value.id)
  const revision = await metadata.commit([
    { put: key, value: manifest, expect: 'absent' },
    { check: checkpoint.key, expect: checkpoint.revision },
    { check: streamKeyOf(stream.value), expect: stream.revision },
  ])
  return { checkpoint, sealed: { key, value: manifest, revision } }
}

/** Moves the checkpoint behind the sealed batch and makes the manifest history, in one commit. */
export async function commitDelivered(
  metadata: MetadataStore,
  id: string,
  { checkpoint }: Progress,
  sealed: Document<Manifest>,
  outcome: DeliveryOutcome,
  deliveredAt: number,
): Promise<{ progress: Progress; delivered: Delivered }> {
  const { after, ...manifest } = sealed.value
  const value: Checkpoint = { positions: after, objects: manifest.number }
  const delivered: Delivered = { ...manifest, outcome, deliveredAt }
  const forgotten = manifest.number - HISTORY
  const revision: Revision = await metadata.commit([
    { put: checkpoint.key, value, expect: checkpoint.revision },
    { delete: sealed.key, expect: sealed.revision },
    { put: deliveredKeyOf(id, manifest.number), value: delivered },
    ...(forgotten > 0 ? [{ delete: deliveredKeyOf(id, forgotten) }] : []),
  ])
  return { progress: { checkpoint: { key: checkpoint.key, value, revision } }, delivered }
}

/** The newest last. */
export async function listDelivered(
  metadata: MetadataStore,
  id: string,
  fromNumber = 0,
): Promise<Delivered[]> {
  const documents = await metadata.list<Delivered>({
    prefix: `${DELIVERED}${id}/`,
    from: deliveredKeyOf(id, Math.max(0, fromNumber)),
  })
  return documents.map(({ value }) => value)
}

/** Forgets everything about a delivery stream's line. */
export async function dropProgress(metadata: MetadataStore, id: string): Promise<void> {
  await metadata.commit([{ delete: checkpointKeyOf(id) }, { delete: manifestKeyOf(id) }])
  for (;;) {
    const history = await metadata.list({ prefix: `${DELIVERED}${id}/`, limit: 100 })
    if (history.length === 0) return
    await metadata.commit(history.map(({ key }) => ({ delete: key })))
  }
}
