import type { Change, Document } from '../engine/engine.ts'
import { CHECKSUM_ALGORITHMS, type Checksum, checksumOfParts } from './checksum.ts'
import { type ChecksumMembers, memberOf } from './checksum-members.ts'
import { commitObject, type WriteConditions } from './commit-object.ts'
import type { Content, Piece } from './content.ts'
import { partsPrefix, piecesKey } from './document-key.ts'
import { badDigest, checksumTypeMismatch, invalidRequest } from './exceptions.ts'
import { chosenParts, etagOfParts, type NamedPart } from './multipart.ts'
import type { S3 } from './s3.ts'
import type { StoredObject } from './stored-object.ts'
import { endedUpload, type Part, requireUpload, type Upload, type UploadInput } from './upload.ts'

export interface CompletionInput extends UploadInput, ChecksumMembers {
  readonly MultipartUpload?: { readonly Parts?: readonly NamedPart[] | undefined } | undefined
  readonly ChecksumType?: string | undefined
  readonly MpuObjectSize?: number | undefined
}

/**
 * Makes an upload's parts one object without touching their bytes. The upload is marked before its parts are read;
 * whoever puts a part removes the mark in doing so (`openUpload`), which makes this commit fail with Conflict: the
 * object never names a part that was replaced.
 */
export async function completeUpload(
  s3: S3,
  input: CompletionInput,
  conditions: WriteConditions,
): Promise<StoredObject> {
  const found = await requireUpload(s3, input)
  const value: Upload = { ...found.value, isCompleting: true }
  const revision = await s3.metadata.commit([{ put: found.key, value, expect: found.revision }])
  const upload = { key: found.key, value, revision }
  const uploaded = await s3.metadata.list<Part>({ prefix: partsPrefix(value.id) })
  const parts = chosenParts({
    uploadId: value.id,
    named: input.MultipartUpload?.Parts ?? [],
    uploaded: new Map(uploaded.map((part) => [part.value.partNumber, part.value])),
    checksum: {
      algorithm: value.checksum.algorithm,
      mustName: value.checksum.type === 'COMPOSITE',
    },
  })
  const { object, also } = await assembled(s3, upload, parts)
  checkAnnounced(input, object, found.value.checksum)
  await commitObject(s3, { bucket: value.bucket, key: value.key, object, conditions, also })
  return object
}

async function assembled(
  s3: S3,
  upload: Document<Upload>,
  parts: readonly Part[],
): Promise<{ object: StoredObject; also: Change[] }> {
  const { id, description, checksum } = upload.value
  const pieces: Piece[] = parts.map((part) => ({
    sizeBytes: part.sizeBytes,
    content: part.content,
    checksum: part.checksum,
  }))
  const content: Content = { in: 'pieces', id: s3.newId() }
  const { algorithm, type } = checksum
  return {
    object: {
      ...description,
      sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      etag: etagOfParts(parts.map(({ etag }) => etag)),
      lastModified: s3.nowSecond(),
      checksum: { algorithm, type, value: await checksumOfParts(algorithm, type, parts) } satisfies Checksum,
      content,
      upload: { id, partsCount: parts.length },
    },
    also: [{ put: piecesKey(content.id), value: pieces }, ...endedUpload(s3, upload, content.id)],
  }
}

function checkAnnounced(
  input: CompletionInput,
  { checksum, sizeBytes }: StoredObject,
  { algorithm, isDefault }: Upload['checksum'],
): void {
  if (input.ChecksumType !== undefined && input.ChecksumType !== checksum.type)
    throw invalidRequest(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    )
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== sizeBytes)
    throw invalidRequest("The provided 'x-amz-mp-object-size' header does not match what was computed.")
  const other = CHECKSUM_ALGORITHMS.find((name) => name !== algorithm && input[memberOf(name)] !== undefined)
  if (other) throw checksumTypeMismatch(isDefault ? undefined : algorithm, other)
  const announced = input[memberOf(algorithm)]
  if (announced !== undefined && announced !== checksum.value)
    throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`)
}
