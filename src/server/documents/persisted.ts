import { countsDocument } from '../../delivery/line/counts.ts'
import { goneDocument } from '../../delivery/lineage/gone.ts'
import { placeDocument } from '../../delivery/lineage/history.ts'
import { chunkDocument } from '../../delivery/lineage/lineage.ts'
import { deliveredDocument, manifestDocument } from '../../delivery/lineage/manifest.ts'
import { remainsDocument } from '../../delivery/remains.ts'
import { stageCheckpointDocument } from '../../delivery/stage/batch.ts'
import { partitionDocument, refusedDocument } from '../../delivery/stage/partitions.ts'
import { logKeyDocument } from '../../engine/encrypted-logs.ts'
import type { ReadableKind } from '../../engine/ports/document.ts'
import { isEngineError, type MetadataStore } from '../../engine/ports/engine.ts'
import { leaseDocument } from '../../engine/ports/lease.ts'
import { deliveryStreamDocument } from '../../firehose/streams/delivery-stream.ts'
import { accessKeyDocument, lastUseDocument } from '../../iam/access-keys/access-key.ts'
import { roleDocument, userDocument } from '../../iam/entities/entity.ts'
import { policyDocument } from '../../iam/policies/managed-policy.ts'
import { budgetDocument } from '../../insight/budget.ts'
import { channelDocument } from '../../kinesis/channels/channel.ts'
import { holderDocument } from '../../kinesis/consumers/subscription.ts'
import { commitmentDocument } from '../../kinesis/limits/commitment.ts'
import { streamDocument } from '../../kinesis/streams/stream.ts'
import type { Problems } from '../../metrics/problems.ts'
import { bucketDocument } from '../../s3/buckets/bucket.ts'
import { piecesDocument, wantedDocument } from '../../s3/content/content.ts'
import { garbageDocument } from '../../s3/content/garbage.ts'
import { partDocument } from '../../s3/content/part.ts'
import { inlineDocument } from '../../s3/content/small-contents.ts'
import { uploadDocument } from '../../s3/multipart-upload.ts'
import { owedDocument } from '../../s3/notifications/owed-event.ts'
import { objectDocument } from '../../s3/objects/stored-object.ts'
import { historyDocument, versionDocument } from '../../s3/objects/versions/kept-version.ts'
import { deadLetterDocument } from '../../s3/telling/dead-letter.ts'
import { sessionDocument, sessionEndDocument } from '../../sts/sessions/session.ts'
import { certificateDocument } from '../certificates/own-certificate.ts'
import { clockDocument } from './saved-clock.ts'
import { metersDocument } from './saved-meters.ts'
import { progressDocument } from './scrubbed.ts'
import { seenDocument } from './seen-time.ts'

/** Every document that there is, by room. */
const DOCUMENTS: readonly ReadableKind<unknown>[] = [
  // Delivery's.
  ...[stageCheckpointDocument, manifestDocument, deliveredDocument, placeDocument, chunkDocument],
  ...[goneDocument, countsDocument, partitionDocument, refusedDocument, remainsDocument],
  // Kinesis's.
  ...[streamDocument, channelDocument, holderDocument, commitmentDocument],
  // S3's.
  ...[bucketDocument, objectDocument, inlineDocument, piecesDocument, wantedDocument],
  ...[uploadDocument, partDocument, garbageDocument, versionDocument, historyDocument],
  ...[owedDocument, deadLetterDocument],
  // IAM's and STS's.
  ...[userDocument, roleDocument, policyDocument, accessKeyDocument, lastUseDocument],
  ...[sessionDocument, sessionEndDocument],
  // Firehose's, the engine's, and the server's own.
  ...[deliveryStreamDocument, logKeyDocument, leaseDocument],
  ...[clockDocument, metersDocument, budgetDocument, certificateDocument, progressDocument],
  seenDocument,
]

/** What kind of document lies under a key. */
export const kindOf = (key: string): ReadableKind<unknown> | undefined =>
  DOCUMENTS.find(({ keys }) => key.startsWith(keys))

/** What the server keeps of itself, and what it goes on without. */
const OWN_DOCUMENTS = [
  { kind: clockDocument, lost: 'how far the clock was moved: it is on machine time' },
  { kind: seenDocument, lost: 'how late it has been: it is as late as the machine says' },
  { kind: metersDocument, lost: 'the meters of usage: they begin at zero' },
  { kind: budgetDocument, lost: 'the budget: set it again' },
  {
    kind: certificateDocument,
    lost: 'the certificate authority of its own: a new one is made, for clients to trust',
  },
]

/** A start does not fail for a damaged document that it can do without: it is said, and the document is deleted. */
export async function forgetDamaged(metadata: MetadataStore, problems: Problems): Promise<void> {
  for (const { kind, lost } of OWN_DOCUMENTS)
    try {
      await kind.get(metadata, kind.keys)
    } catch (error) {
      if (!isEngineError(error, 'Damaged')) throw error
      await metadata.commit([{ delete: kind.keys }])
      problems.report({ code: 'Damaged', where: kind.keys, what: `a damaged document lost ${lost}` })
    }
}
