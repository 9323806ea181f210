import type { Change, Document, MetadataStore } from '../../engine/engine.ts'
import { allLineageOf, lineagePrefixOf } from './lineage.ts'
import type { Delivered, Manifest } from './manifest.ts'

/** Deliveries that are remembered for each delivery stream; older ones are forgotten. */
export const HISTORY = 1000

const DELIVERED = 'firehose/delivered/'
const OBJECT = 'firehose/object/'
const STEP = 100

const prefixOf = (deliveryStreamId: string) => `${DELIVERED}${deliveryStreamId}/`
const keyOf = (deliveryStreamId: string, deliveredAt: number, manifestId: string) =>
  `${prefixOf(deliveryStreamId)}${String(deliveredAt).padStart(15, '0')}/${manifestId}`
const objectKeyOf = (bucket: string, key: string) => `${OBJECT}${bucket}/${key}`

/** Makes a manifest history: part of the commit that moves the checkpoint. */
export function remember(
  deliveryStreamId: string,
  manifest: Manifest,
  { outcome, deliveredAt, attempts }: Pick<Delivered, 'outcome' | 'deliveredAt'> & { attempts: number },
): { delivered: Delivered; changes: Change[] } {
  const { after: _after, seen: _seen, ...lasting } = manifest
  const delivered: Delivered = { ...lasting, outcome, deliveredAt, attempts }
  const key = keyOf(deliveryStreamId, deliveredAt, manifest.id)
  const changes: Change[] = [{ put: key, value: delivered }]
  if (outcome.status === 'delivered')
    changes.push({ put: objectKeyOf(manifest.bucket, manifest.key), value: { delivered: key } })
  return { delivered, changes }
}

/** Forgets the oldest deliveries beyond `HISTORY`; cheap while there are fewer. */
export function createForgetting(metadata: MetadataStore, deliveryStreamId: string) {
  let remembered: number | undefined
  return async (): Promise<void> => {
    remembered ??= (await metadata.list({ prefix: prefixOf(deliveryStreamId) })).length - 1
    for (remembered++; remembered > HISTORY; remembered--) {
      const [oldest] = await metadata.list<Delivered>({ prefix: prefixOf(deliveryStreamId), limit: 1 })
      if (oldest) await forget(metadata, deliveryStreamId, oldest)
    }
  }
}

async function forget(
  metadata: MetadataStore,
  deliveryStreamId: string,
  { key, value }: Document<Delivered>,
): Promise<void> {
  await dropAll(metadata, lineagePrefixOf(deliveryStreamId, value.id))
  await metadata.commit([{ delete: key }, { delete: objectKeyOf(value.bucket, value.key) }])
}

/** The newest last. */
export async function listDelivered(metadata: MetadataStore, deliveryStreamId: string): Promise<Delivered[]> {
  const documents = await metadata.list<Delivered>({
    prefix: prefixOf(deliveryStreamId),
    damaged: 'left out',
  })
  return documents.map(({ value }) => value)
}

/** What was delivered as this object and by which delivery stream, if it is remembered. */
export async function findDelivered(metadata: MetadataStore, bucket: string, key: string) {
  const object = await metadata.get<{ delivered: string }>(objectKeyOf(bucket, key))
  const document = object && (await metadata.get<Delivered>(object.value.delivered))
  if (!document) return undefined
  const [deliveryStreamId = ''] = document.key.slice(DELIVERED.length).split('/')
  return { deliveryStreamId, delivered: document.value }
}

/** Forgets everything that was delivered by a delivery stream. */
export async function dropHistory(metadata: MetadataStore, deliveryStreamId: string): Promise<void> {
  for (;;) {
    const oldest = await metadata.list<Delivered>({
      prefix: prefixOf(deliveryStreamId),
      limit: STEP,
      damaged: 'left out',
    })
    if (oldest.length === 0) break
    for (const document of oldest) await forget(metadata, deliveryStreamId, document)
  }
  await dropAll(metadata, allLineageOf(deliveryStreamId))
}

/** Deletes every document under a prefix. */
export async function dropAll(metadata: MetadataStore, prefix: string): Promise<void> {
  for (;;) {
    const documents = await metadata.list({ prefix, limit: STEP, damaged: 'left out' })
    if (documents.length === 0) return
    await metadata.commit(documents.map(({ key }) => ({ delete: key })))
  }
}
