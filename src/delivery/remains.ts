import { type Change, isEngineError, type MetadataStore } from '../engine/engine.ts'
import { dropInternalLogs } from '../firehose/direct-put/direct-put-log.ts'
import type { Firehose } from '../firehose/firehose.ts'
import { type DeliveryStream, statusAt } from '../firehose/streams/delivery-stream.ts'
import { readDeliveryStream } from './job.ts'
import { dropGone } from './lineage/gone.ts'
import { dropAll, dropHistory } from './lineage/history.ts'
import { checkpointKeyOf, manifestKeyOf } from './progress/checkpoint.ts'
import { allPartitionsOf, refusedKeyOf } from './stage/partitions.ts'

/** What a deleted delivery stream left behind, by its id, until it has been cleared away. */
const REMAINS = 'firehose/remains/'

/** Part of the commit that ends a delivery stream. */
export const leaveRemains = ({ id }: Pick<DeliveryStream, 'id'>): Change => ({
  put: REMAINS + id,
  value: { id },
})

/** Ends a delivery stream whose time has come; harmless when it has ended already. */
export async function endDeliveryStream(
  firehose: Pick<Firehose, 'metadata' | 'clock' | 'channels'>,
  stream: DeliveryStream,
): Promise<void> {
  const { metadata, clock } = firehose
  const document = await readDeliveryStream(firehose, stream)
  if (!document || document.value.id !== stream.id) return
  if (statusAt(document.value, clock.now()) !== undefined) return
  try {
    await metadata.commit([{ delete: document.key, expect: document.revision }, leaveRemains(stream)])
  } catch (error) {
    if (!isEngineError(error, 'Conflict')) throw error
  }
}

/** Clears away what deleted delivery streams left, their undelivered records included, as AWS does. */
export async function clearRemains({ metadata, logs }: Pick<Firehose, 'metadata' | 'logs'>): Promise<void> {
  for (const { key, value } of await listRemains(metadata)) {
    await dropInternalLogs(logs, value)
    await dropProgress(metadata, value.id)
    await metadata.commit([{ delete: key }])
  }
}

const listRemains = (metadata: MetadataStore) =>
  metadata.list<{ id: string }>({ prefix: REMAINS, damaged: 'left out' })

/** Forgets everything about a delivery stream's lines. */
async function dropProgress(metadata: MetadataStore, id: string): Promise<void> {
  for (const key of [checkpointKeyOf(id), manifestKeyOf(id)]) {
    await metadata.commit([{ delete: key }])
    await dropAll(metadata, `${key}/`)
  }
  await dropAll(metadata, allPartitionsOf(id))
  await dropHistory(metadata, id)
  await dropGone(metadata, id)
  await metadata.commit([{ delete: refusedKeyOf({ id }) }])
}
