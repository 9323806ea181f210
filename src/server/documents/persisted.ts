import { DELIVERY_DOCUMENTS } from '../../delivery/persisted.ts'
import { logKeyDocument } from '../../engine/encrypted-logs.ts'
import type { ReadableKind } from '../../engine/ports/document.ts'
import { deliveryStreamDocument } from '../../firehose/streams/delivery-stream.ts'
import { budgetDocument } from '../../insight/budget.ts'
import { KINESIS_DOCUMENTS } from '../../kinesis/persisted.ts'
import { S3_DOCUMENTS } from '../../s3/persisted.ts'
import { certificateDocument } from './certificate.ts'
import { clockDocument } from './saved-clock.ts'
import { metersDocument } from './saved-meters.ts'
import { progressDocument } from './scrubbed.ts'

/** Every document that there is, by room. */
const DOCUMENTS: readonly ReadableKind<unknown>[] = [
  ...DELIVERY_DOCUMENTS,
  ...KINESIS_DOCUMENTS,
  ...S3_DOCUMENTS,
  ...[deliveryStreamDocument, logKeyDocument],
  ...[clockDocument, metersDocument, budgetDocument, certificateDocument, progressDocument],
]

/** What kind of document lies under a key. */
export const kindOf = (key: string): ReadableKind<unknown> | undefined =>
  DOCUMENTS.find(({ keys }) => key.startsWith(keys))
