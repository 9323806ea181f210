import { shape, text } from '../engine/ports/checks.ts'
import { document } from '../engine/ports/document.ts'
import { type Change, isEngineError, type MetadataStore } from '../engine/ports/engine.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { nameIn } from './destination.ts'
import { type Job, readJob } from './job.ts'
import { countsDocument } from './line/counts.ts'
import { dropGone } from './lineage/gone.ts'
import { dropAll, dropHistory } from './lineage/history.ts'
import { checkpointKeyOf, manifestKeyOf } from './progress/checkpoint.ts'
import { dropOwnLogs } from './progress/outlet.ts'
import { allPartitionsOf, refusedKeyOf } from './stage/partitions.ts'

/** What a deleted job left behind, by its id, until it has been cleared away. */
const REMAINS = 'firehose/remains/'

export const remainsDocument = document<Pick<Job, 'id'>>({
  keys: REMAINS,
  version: 1,
  check: shape<Pick<Job, 'id'>>({ id: text }),
})

/** Part of the commit that ends a job. */
export const leaveRemains = ({ id }: Pick<Job, 'id'>): Change => ({
  put: REMAINS + id,
  value: { id },
})

/** Whether a job is no more. */
export const isOver = ({ goneAt }: Pick<Job, 'goneAt'>, now: number): boolean =>
  goneAt !== undefined && now >= goneAt

/** Ends a job whose time has come; harmless when it has ended already. */
export async function endJob(ports: DeliveryPorts, job: Job): Promise<void> {
  const { metadata, clock } = ports
  const document = await readJob(ports, job.documentKey)
  if (!document || document.value.id !== job.id) return
  if (!isOver(document.value, clock.now())) return
  try {
    await metadata.commit([{ delete: document.key, expect: document.revision }, leaveRemains(job)])
  } catch (error) {
    if (!isEngineError(error, 'Conflict')) throw error
  }
}

/** Clears away what deleted jobs left, their undelivered records included, as AWS does. */
export async function clearRemains(ports: DeliveryPorts): Promise<void> {
  const { metadata, logs } = ports
  for (const { key, value } of await listRemains(metadata)) {
    await dropOwnLogs(logs, value)
    await dropProgress(ports, value.id)
    await metadata.commit([{ delete: key }])
  }
}

const listRemains = (metadata: MetadataStore) =>
  remainsDocument.list(metadata, { prefix: REMAINS, damaged: 'left out' })

/** Forgets everything about a job's lines. */
async function dropProgress({ metadata, destinations }: DeliveryPorts, id: string): Promise<void> {
  for (const key of [checkpointKeyOf(id), manifestKeyOf(id)]) {
    await metadata.commit([{ delete: key }])
    await dropAll(metadata, `${key}/`)
  }
  await dropAll(metadata, allPartitionsOf(id))
  await dropHistory(metadata, id, nameIn(destinations))
  await dropGone(metadata, id)
  await dropAll(metadata, countsDocument.keys + id)
  await metadata.commit([{ delete: refusedKeyOf({ id }) }])
}
