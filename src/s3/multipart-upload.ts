import { createHash } from 'node:crypto'
import type { Clock } from '../clock/clock.ts'
import { either, flag, maybe, number, oneOf, shape, text } from '../engine/ports/checks.ts'
import { document } from '../engine/ports/document.ts'
import type { Change, Document, Revision } from '../engine/ports/engine.ts'
import { untilCommitted } from '../engine/ports/update.ts'
import { inQuery, integer, required, string } from '../service/shape.ts'
import { asItIs, tokenOf } from '../service/token.ts'
import { type Bucket, bucketDocument, findBucket } from './buckets/bucket.ts'
import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_TYPES,
  type ChecksumAlgorithm,
  type ChecksumType,
} from './checksums/checksum.ts'
import { type Collector, discarded, type Garbage } from './content/garbage.ts'
import { type Part, partDocument } from './content/part.ts'
import {
  bucketKey,
  currentDocument,
  type Documents,
  everyUploadPrefix,
  garbageKey,
  partKey,
  uploadKey,
  uploadsPrefix,
} from './documents.ts'
import { invalidArgument, noSuchUpload } from './exceptions.ts'
import { type Committing, givingBack } from './objects/commit.ts'
import type { ContentCopy } from './objects/copy.ts'
import { descriptionCheck, type ObjectDescription } from './objects/stored-object.ts'
import { objectInput } from './shapes.ts'

/** An object on its way, in parts. */
export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly bucketId: string
  readonly key: string
  /** ms since 1970 */
  readonly initiatedAt: number
  readonly description: ObjectDescription
  /** `isDefault`: the client asked for no algorithm. */
  readonly checksum: {
    readonly algorithm: ChecksumAlgorithm
    readonly type: ChecksumType
    readonly isDefault: boolean
  }
  /** What its key held when it began; not known of uploads that an earlier version began. */
  readonly before?: Revision | 'absent'
  /** Someone means to complete it; see complete-multipart-upload.ts. */
  readonly isCompleting?: true
}

export const uploadDocument = document<Upload>({
  keys: everyUploadPrefix,
  version: 1,
  check: shape<Upload>({
    ...{ id: text, bucket: text, bucketId: text, key: text, initiatedAt: number },
    description: descriptionCheck,
    checksum: shape<Upload['checksum']>({
      algorithm: oneOf(...CHECKSUM_ALGORITHMS),
      ...{ type: oneOf(...CHECKSUM_TYPES), isDefault: flag },
    }),
    before: maybe(either(number, oneOf('absent'))),
    isCompleting: maybe(oneOf(true)),
  }),
})

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const MAX_PART_NUMBER = 10_000

/**
 * Begins with the time, so that the uploads of one key are listed in the order in which they began, and ends with a mark
 * of that key.
 */
export const newUploadId = (
  { clock, newId }: { readonly clock: Pick<Clock, 'now'>; readonly newId: () => string },
  key: string,
): string => {
  const mark = markOf(key)
  return clock.now().toString(16).padStart(12, '0') + newId().slice(0, -mark.length) + mark
}

const markOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 8)

/** Whether an id may be of an upload to that key which has ended. */
export const isMarkedFor = (id: string, key: string): boolean => isUploadId(id) && id.endsWith(markOf(key))

const uploadId = tokenOf(string({ pattern: '[0-9a-f]{44}' }), asItIs)

/** Whether it may be an upload's id, of one that has ended perhaps. */
export const isUploadId = (id: string): boolean => uploadId.parse(id) !== undefined

/** What every request on an upload under way says about it. */
export const uploadInput = { ...objectInput, UploadId: inQuery('uploadId', required(string())) }

export interface UploadInput {
  readonly Bucket: string
  readonly Key: string
  readonly UploadId: string
}

/** The upload under way; throws NoSuchUpload. */
export async function requireUpload(
  ports: Documents,
  { Bucket: bucket, Key: key, UploadId: id }: UploadInput,
): Promise<Document<Upload>> {
  if (!isUploadId(id)) throw noSuchUpload(id)
  const upload = await uploadDocument.get(ports.metadata, uploadKey(bucket, key, id))
  const home = await findBucket(ports, bucket)
  if (!upload || upload.value.bucketId !== home.value.id) throw noSuchUpload(id)
  return upload
}

/**
 * The upload as a commit that adds a part must find it again (`check` its revision). Ends an attempt to complete
 * it, which then looks again. Rejects with Conflict like a commit.
 */
export async function openUpload(ports: Documents, input: UploadInput): Promise<Document<Upload>> {
  const upload = await requireUpload(ports, input)
  if (!upload.value.isCompleting) return upload
  const { isCompleting: _, ...value } = upload.value
  const revision = await ports.metadata.commit([{ put: upload.key, value, expect: upload.revision }])
  return { key: upload.key, value, revision }
}

/** The changes that end an upload; `keeps` names the pieces that an object took over. */
export const endedUpload = (
  { newId }: Pick<Ending, 'newId'>,
  { key, value, revision }: Document<Upload>,
  keeps?: string,
): Change[] => [
  { delete: key, expect: revision },
  {
    put: garbageKey(newId()),
    value: { upload: value.id, ...(keeps === undefined ? {} : { keeps }) } satisfies Garbage,
  },
]

/** What it takes to end uploads. */
interface Ending extends Documents {
  readonly collector: Pick<Collector, 'wake'>
  readonly newId: () => string
}

const BATCH = 100

/** Ends the uploads of a bucket that is gone (or of every such bucket). */
export async function discardUploads(ports: Ending, bucket?: string): Promise<void> {
  const prefix = bucket === undefined ? everyUploadPrefix : uploadsPrefix(bucket)
  let after: string | undefined
  for (;;) {
    const batch = await uploadDocument.list(ports.metadata, {
      prefix,
      limit: BATCH,
      damaged: 'left out',
      ...(after === undefined ? {} : { after }),
    })
    for (const upload of batch) await untilCommitted(() => discardStray(ports, upload.key))
    after = batch.at(-1)?.key
    if (after === undefined) break
  }
  ports.collector.wake()
}

async function discardStray(ports: Ending, key: string): Promise<void> {
  const upload = await uploadDocument.get(ports.metadata, key)
  if (!upload) return
  const home = await currentDocument(ports.metadata, bucketDocument, bucketKey(upload.value.bucket))
  const isDamaged = home.revision === undefined
  if (!isDamaged && home.value?.id !== upload.value.bucketId)
    await ports.metadata.commit(endedUpload(ports, upload))
}

export const partInput = { ...uploadInput, PartNumber: inQuery('partNumber', required(integer())) }

export function checkPartNumber(partNumber: number): void {
  if (!(partNumber >= 1 && partNumber <= MAX_PART_NUMBER))
    throw invalidArgument(
      `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      'partNumber',
      String(partNumber),
    )
}

/** What a part takes from its bucket's quota, without an earlier part of that number. Throws QuotaExceeded. */
export async function admitPart(
  { metadata, admitToBucket }: Pick<Committing, 'metadata' | 'admitToBucket'>,
  bucket: Bucket,
  { UploadId, PartNumber }: { readonly UploadId: string; readonly PartNumber: number },
  bytes: number,
): Promise<void> {
  if (bucket.quotaBytes === undefined) return
  const { value } = await currentDocument(metadata, partDocument, partKey(UploadId, PartNumber))
  await admitToBucket(bucket, { bytes, lessBytes: value?.sizeBytes ?? 0 })
}

/** Makes what was received a part of its upload, in place of an earlier part of that number. */
export async function putPart(
  ports: Committing & { readonly nowSecond: () => number },
  input: UploadInput & { readonly PartNumber: number },
  { content, sizeBytes, md5, checksum, changes }: ContentCopy,
): Promise<Part> {
  const part: Part = {
    partNumber: input.PartNumber,
    sizeBytes,
    etag: md5,
    lastModified: ports.nowSecond(),
    checksum: checksum.value,
    content,
  }
  await givingBack(ports, content, () =>
    untilCommitted(async () => {
      const upload = await openUpload(ports, input)
      await admitPart(ports, (await findBucket(ports, input.Bucket)).value, input, sizeBytes)
      const key = partKey(upload.value.id, part.partNumber)
      const { value: earlier, revision } = await currentDocument(ports.metadata, partDocument, key)
      await ports.metadata.commit([
        { put: key, value: part, ...(revision !== undefined && { expect: revision }) },
        { check: upload.key, expect: upload.revision },
        ...changes,
        ...discarded(earlier?.content, ports.newId),
      ])
    }),
  )
  ports.collector.wake()
  return part
}
