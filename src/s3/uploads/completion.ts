import type { Change, Document } from '../../engine/engine.ts'
import { CHECKSUM_ALGORITHMS, type Checksum, checksumOfParts } from '../checksums/checksum.ts'
import { type ChecksumMembers, memberOf } from '../checksums/members.ts'
import type { Content, Piece } from '../content/content.ts'
import { partsPrefix, piecesKey } from '../documents.ts'
import { badDigest, checksumTypeMismatch, invalidPart, invalidRequest } from '../exceptions.ts'
import { type Committing, commitObject } from '../objects/commit.ts'
import { unquoted, type WriteConditions } from '../objects/precondition.ts'
import type { StoredObject } from '../objects/stored-object.ts'
import { chosenParts, etagOfParts, type NamedPart } from './chosen-parts.ts'
import { endedUpload, type Part, requireUpload, type Upload, type UploadInput } from './multipart-upload.ts'

export interface CompletionInput extends UploadInput, ChecksumMembers {
  readonly MultipartUpload?: { readonly Parts?: readonly NamedPart[] | undefined } | undefined
  readonly ChecksumType?: string | undefined
  readonly MpuObjectSize?: number | undefined
}

interface Completing extends Committing {
  readonly nowSecond: () => number
}

/**
 * Makes an upload's parts one object without touching their bytes. The upload is marked before its parts are read;
 * whoever puts a part removes the mark in doing so (`openUpload`), which makes this commit fail with Conflict: the
 * object never names a part that was replaced.
 */
export async function completeUpload(
  ports: Completing,
  input: CompletionInput,
  conditions: WriteConditions,
): Promise<StoredObject> {
  const found = await requireUpload(ports, input)
  if (!input.MultipartUpload) throw invalidRequest('You must specify at least one part')
  checkType(input, found.value.checksum)
  const value: Upload = { ...found.value, isCompleting: true }
  const revision = await ports.metadata.commit([{ put: found.key, value, expect: found.revision }])
  const upload = { key: found.key, value, revision }
  const uploaded = await ports.metadata.list<Part>({ prefix: partsPrefix(value.id) })
  const parts = chosenParts({
    uploadId: value.id,
    named: input.MultipartUpload.Parts ?? [],
    uploaded: new Map(uploaded.map((part) => [part.value.partNumber, part.value])),
    checksum: value.checksum,
  })
  const { object, also } = await assembled(ports, upload, parts)
  checkAnnounced(input, object, value.checksum)
  await commitObject(ports, {
    bucket: value.bucket,
    key: value.key,
    object,
    conditions: { ...conditions, since: value.before },
    also,
  })
  return object
}

async function assembled(
  ports: Completing,
  upload: Document<Upload>,
  parts: readonly Part[],
): Promise<{ object: StoredObject; also: Change[] }> {
  const { id, description, checksum } = upload.value
  const pieces: Piece[] = parts.map((part) => ({
    sizeBytes: part.sizeBytes,
    content: part.content,
    checksum: part.checksum,
  }))
  const content: Content = { in: 'pieces', id: ports.newId() }
  const { algorithm, type } = checksum
  return {
    object: {
      ...description,
      sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      etag: etagOfParts(parts.map(({ etag }) => etag)),
      lastModified: ports.nowSecond(),
      checksum: { algorithm, type, value: await checksumOfParts(algorithm, type, parts) } satisfies Checksum,
      content,
      upload: { id, partsCount: parts.length },
    },
    also: [{ put: piecesKey(content.id), value: pieces }, ...endedUpload(ports, upload, content.id)],
  }
}

/** Throws InvalidPart when an upload that is completed is to be completed with other parts. */
export function checkSameParts({ etag }: StoredObject, { UploadId, MultipartUpload }: CompletionInput): void {
  const etags = MultipartUpload?.Parts?.map((part) => unquoted(part.ETag ?? '')) ?? []
  if (etagOfParts(etags) !== etag) throw invalidPart({ UploadId })
}

function checkType({ ChecksumType: type }: CompletionInput, checksum: Upload['checksum']): void {
  if (type === undefined || (type === checksum.type && !checksum.isDefault)) return
  const mode = checksum.isDefault ? 'null' : checksum.type
  throw invalidRequest(
    `The upload was created using the ${mode} checksum mode. The complete request must use the same checksum mode.`,
  )
}

function checkAnnounced(
  input: CompletionInput,
  { checksum: { type, value }, sizeBytes }: StoredObject,
  { algorithm, isDefault }: Upload['checksum'],
): void {
  const { MpuObjectSize: size } = input
  if (size !== undefined && size !== sizeBytes)
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${sizeBytes}`,
    )
  const named = CHECKSUM_ALGORITHMS.filter((name) => input[memberOf(name)] !== undefined)
  if (named.length === 0) return
  const other = named.find((name) => name !== algorithm)
  if (other && (isDefault || type === 'COMPOSITE'))
    throw checksumTypeMismatch(isDefault ? undefined : algorithm, other)
  /** Without its type S3 takes it for a composite one, where there are such. */
  const isTaken = isDefault || type === 'COMPOSITE' || algorithm === 'CRC64NVME' || input.ChecksumType
  if (other || !isTaken || input[memberOf(algorithm)] !== value)
    throw badDigest(`The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`)
}
