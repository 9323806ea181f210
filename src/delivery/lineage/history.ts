import { shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { Change, Document, MetadataStore } from '../../engine/ports/engine.ts'
import { allLineageOf, lineagePrefixOf } from './lineage.ts'
import { type Delivered, deliveredDocument, keptOf, type Manifest } from './manifest.ts'

/** Deliveries that are remembered for each job; older ones are forgotten. */
export const HISTORY = 1000

const DELIVERED = deliveredDocument.keys
const OBJECT = 'firehose/object/'
const STEP = 100

const prefixOf = (jobId: string) => `${DELIVERED}${jobId}/`
const keyOf = (jobId: string, deliveredAt: number, manifestId: string) =>
  `${prefixOf(jobId)}${String(deliveredAt).padStart(15, '0')}/${manifestId}`
const objectKeyOf = (name: string) => OBJECT + name

/** Which delivery made what has that name. */
export const placeDocument = document<{ readonly delivered: string }>({
  keys: OBJECT,
  version: 1,
  check: shape<{ readonly delivered: string }>({ delivered: text }),
})

/** By what a delivery is found again from what it made. */
export type NameOf = (delivered: Pick<Manifest, 'destination' | 'place'>) => string

/** Makes a manifest history: part of the commit that moves the checkpoint. */
export function remember(
  jobId: string,
  manifest: Manifest,
  result: Pick<Delivered, 'outcome' | 'deliveredAt' | 'runTogether'> & { attempts: number },
  nameOf: NameOf,
): { delivered: Delivered; changes: Change[] } {
  const { after: _after, seen: _seen, ...lasting } = manifest
  const delivered: Delivered = { ...lasting, ...result }
  const key = keyOf(jobId, result.deliveredAt, manifest.id)
  const changes: Change[] = [{ put: key, value: keptOf(delivered) }]
  if (result.outcome.status === 'delivered')
    changes.push({ put: objectKeyOf(nameOf(manifest)), value: { delivered: key } })
  return { delivered, changes }
}

/** Forgets the oldest deliveries beyond `HISTORY`; cheap while there are fewer. */
export function createForgetting(metadata: MetadataStore, jobId: string, nameOf: NameOf) {
  let remembered: number | undefined
  return async (): Promise<void> => {
    remembered ??= (await metadata.list({ prefix: prefixOf(jobId) })).length - 1
    for (remembered++; remembered > HISTORY; remembered--) {
      const [oldest] = await deliveredDocument.list(metadata, { prefix: prefixOf(jobId), limit: 1 })
      if (oldest) await forget(metadata, jobId, oldest, nameOf)
    }
  }
}

async function forget(
  metadata: MetadataStore,
  jobId: string,
  { key, value: delivered }: Document<Delivered>,
  nameOf: NameOf,
): Promise<void> {
  await dropAll(metadata, lineagePrefixOf(jobId, delivered.id))
  await metadata.commit([{ delete: key }, { delete: objectKeyOf(nameOf(delivered)) }])
}

/** The newest last. */
export async function listDelivered(metadata: MetadataStore, jobId: string): Promise<Delivered[]> {
  const documents = await deliveredDocument.list(metadata, {
    prefix: prefixOf(jobId),
    damaged: 'left out',
  })
  return documents.map(({ value }) => value)
}

/** What was delivered under this name and for which job, if it is remembered. */
export async function findDelivered(metadata: MetadataStore, name: string) {
  const object = await placeDocument.get(metadata, objectKeyOf(name))
  const document = object && (await deliveredDocument.get(metadata, object.value.delivered))
  if (!document) return undefined
  const [jobId = ''] = document.key.slice(DELIVERED.length).split('/')
  return { jobId, delivered: document.value }
}

/** Forgets everything that was delivered for a job. */
export async function dropHistory(metadata: MetadataStore, jobId: string, nameOf: NameOf): Promise<void> {
  for (;;) {
    const oldest = await deliveredDocument.list(metadata, {
      prefix: prefixOf(jobId),
      limit: STEP,
      damaged: 'left out',
    })
    if (oldest.length === 0) break
    for (const document of oldest) await forget(metadata, jobId, document, nameOf)
  }
  await dropAll(metadata, allLineageOf(jobId))
}

/** Deletes every document under a prefix. */
export async function dropAll(metadata: MetadataStore, prefix: string): Promise<void> {
  for (;;) {
    const documents = await metadata.list({ prefix, limit: STEP, damaged: 'left out' })
    if (documents.length === 0) return
    await metadata.commit(documents.map(({ key }) => ({ delete: key })))
  }
}
