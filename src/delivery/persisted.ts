import type { ReadableKind } from '../engine/ports/document.ts'
import { goneDocument } from './lineage/gone.ts'
import { placeDocument } from './lineage/history.ts'
import { chunkDocument } from './lineage/lineage.ts'
import { deliveredDocument, manifestDocument } from './lineage/manifest.ts'
import { checkpointDocument } from './progress/checkpoint.ts'
import { remainsDocument } from './remains.ts'
import { partitionDocument, refusedDocument } from './stage/partitions.ts'

/** Every document that delivery keeps. */
export const DELIVERY_DOCUMENTS: readonly ReadableKind<unknown>[] = [
  ...[checkpointDocument, manifestDocument, deliveredDocument, placeDocument, chunkDocument],
  ...[goneDocument, partitionDocument, refusedDocument, remainsDocument],
]
