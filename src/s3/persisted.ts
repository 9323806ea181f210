import type { ReadableKind } from '../engine/ports/document.ts'
import { bucketDocument } from './buckets/bucket.ts'
import { piecesDocument, wantedDocument } from './content/content.ts'
import { garbageDocument } from './content/garbage.ts'
import { partDocument } from './content/part.ts'
import { inlineDocument } from './content/small-contents.ts'
import { objectDocument } from './objects/stored-object.ts'
import { uploadDocument } from './uploads/multipart-upload.ts'

/** Every document that S3 keeps. */
export const S3_DOCUMENTS: readonly ReadableKind<unknown>[] = [
  ...[bucketDocument, objectDocument, inlineDocument, piecesDocument, wantedDocument],
  ...[uploadDocument, partDocument, garbageDocument],
]
