import type { MetadataStore } from '../engine/engine.ts'
import { dropGone } from './lineage/gone.ts'
import { dropAll, dropHistory } from './lineage/history.ts'
import { checkpointKeyOf, manifestKeyOf } from './progress/checkpoint.ts'
import { allPartitionsOf } from './stage/partitions.ts'
import { refusedKeyOf } from './stage/refusals.ts'

/** Forgets everything about a delivery stream's lines. */
export async function dropProgress(metadata: MetadataStore, id: string): Promise<void> {
  for (const key of [checkpointKeyOf(id), manifestKeyOf(id)]) {
    await metadata.commit([{ delete: key }])
    await dropAll(metadata, `${key}/`)
  }
  await dropAll(metadata, allPartitionsOf(id))
  await dropHistory(metadata, id)
  await dropGone(metadata, id)
  await metadata.commit([{ delete: refusedKeyOf({ id }) }])
}
