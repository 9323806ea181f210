import type { MetadataStore } from '../../engine/ports/engine.ts'
import { checkpointKeyOf, manifestKeyOf } from './checkpoint.ts'
import { dropGone } from './gone.ts'
import { dropAll, dropHistory } from './history.ts'
import { allPartitionsOf } from './partitions.ts'
import { refusedKeyOf } from './refusals.ts'

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
