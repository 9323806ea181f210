import { createHash } from 'node:crypto'
import type { Change, Document } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import { asPayload, inHeader, integer, list, long, named, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import {
  CHECKSUM_ALGORITHMS,
  type Checksum,
  type ChecksumMembers,
  checksumAnswer,
  checksumElements,
  checksumHeaders,
  checksumOfParts,
  memberOf,
} from '../checksums/checksum.ts'
import { badDigest, checksumTypeMismatch } from '../checksums/checksum-exceptions.ts'
import type { Content, Piece } from '../content/content.ts'
import { type Part, partDocument } from '../content/part.ts'
import { currentDocument, objectKey, partsPrefix, piecesKey } from '../documents.ts'
import {
  entityTooSmall,
  invalidArgument,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  malformedXml,
} from '../exceptions.ts'
import {
  endedUpload,
  MAX_PART_NUMBER,
  requireUpload,
  type Upload,
  type UploadInput,
  uploadInput,
} from '../multipart-upload.ts'
import { byCaller, type Doer } from '../notifications/cause.ts'
import { type Committing, commitObject, madeVersion } from '../objects/commit.ts'
import { unquoted, type WriteConditions, writeConditionsOf } from '../objects/precondition.ts'
import { objectDocument, quoted, type StoredObject } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  checksumType,
  customerKeyHeaders,
  encryptionOutput,
  expirationOutput,
  versionOutput,
  writeConditions,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload = operation({
  name: 'CompleteMultipartUpload',
  action: 's3:PutObject',
  http: {
    method: 'POST',
    path: '/{Bucket}/{Key+}',
    query: ['uploadId'],
    xmlRoot: 'CompleteMultipartUploadResult',
  },
  input: structure({
    ...uploadInput,
    MultipartUpload: asPayload(
      named(
        'CompleteMultipartUpload',
        structure({
          Parts: named(
            'Part',
            list(structure({ ETag: string(), ...checksumElements, PartNumber: integer() }), {
              flattened: true,
            }),
          ),
        }),
      ),
    ),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
    MpuObjectSize: inHeader('x-amz-mp-object-size', long()),
    ...writeConditions,
    ...customerKeyHeaders,
  }),
  output: structure({
    Location: string(),
    Bucket: string(),
    Key: string(),
    ...expirationOutput,
    ETag: string(),
    ...checksumElements,
    ChecksumType: checksumType,
    ...versionOutput,
    ...encryptionOutput,
  }),
  async handle(s3, input, caller) {
    const { lifecycleRules } = (await requireBucket(s3, input, caller)).value
    const { Bucket: bucket, Key: key, UploadId: uploadId } = input
    const conditions = writeConditionsOf(input)
    const completed = (await currentDocument(s3.metadata, objectDocument, objectKey(bucket, key))).value
    /** A client that lost the answer asks again and is told the same. */
    const isRepeated = completed?.upload?.id === uploadId
    if (isRepeated) checkSameParts(completed, input)
    const object = isRepeated
      ? completed
      : await untilCommitted(() => completeUpload(s3, input, conditions, byCaller(caller)))
    return {
      Location: caller.url,
      Bucket: bucket,
      Key: key,
      ...expirationAnswer(lifecycleRules, { ...object, key }),
      ETag: quoted(object.etag),
      ...checksumAnswer(object.checksum),
      ...madeVersion(object.version),
      ServerSideEncryption: 'AES256' as const,
    }
  },
})

interface CompletionInput extends UploadInput, ChecksumMembers {
  readonly MultipartUpload?: { readonly Parts?: readonly NamedPart[] | undefined } | undefined
  readonly ChecksumType?: string | undefined
  readonly MpuObjectSize?: number | undefined
}

/**
 * Makes an upload's parts one object without touching their bytes. The upload is marked before its parts are read;
 * whoever puts a part removes the mark in doing so (`openUpload`), which makes this commit fail with Conflict: the
 * object never names a part that was replaced.
 */
async function completeUpload(
  ports: Committing,
  input: CompletionInput,
  conditions: WriteConditions,
  by: Doer,
): Promise<StoredObject> {
  const found = await requireUpload(ports, input)
  if (!input.MultipartUpload) throw invalidRequest('You must specify at least one part')
  checkType(input, found.value.checksum)
  const value: Upload = { ...found.value, isCompleting: true }
  const revision = await ports.metadata.commit([{ put: found.key, value, expect: found.revision }])
  const upload = { key: found.key, value, revision }
  const uploaded = await partDocument.list(ports.metadata, { prefix: partsPrefix(value.id) })
  const parts = chosenParts({
    uploadId: value.id,
    named: input.MultipartUpload.Parts ?? [],
    uploaded: new Map(uploaded.map((part) => [part.value.partNumber, part.value])),
    checksum: value.checksum,
  })
  const { object, also } = await assembled(ports, upload, parts)
  checkAnnounced(input, object, value.checksum)
  const { version } = await commitObject(ports, {
    bucket: value.bucket,
    key: value.key,
    object,
    conditions: { ...conditions, since: value.before },
    cause: { event: 'ObjectCreated:CompleteMultipartUpload', by },
    also,
    partsBytes: uploaded.reduce((sum, part) => sum + part.value.sizeBytes, 0),
  })
  return version ? { ...object, version } : object
}

async function assembled(
  ports: Committing,
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
function checkSameParts({ etag }: StoredObject, { UploadId, MultipartUpload }: CompletionInput): void {
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

/** What S3 overlooks where the upload was created without an algorithm; any other one is a mismatch. */
const IGNORED = 'CRC32C'

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
  const named = CHECKSUM_ALGORITHMS.filter(
    (name) => input[memberOf(name)] !== undefined && !(isDefault && name === IGNORED),
  )
  if (named.length === 0) return
  const other = named.find((name) => name !== algorithm)
  if (other && (isDefault || type === 'COMPOSITE'))
    throw checksumTypeMismatch(isDefault ? undefined : algorithm, other)
  /** Without its type S3 takes it for a composite one, where there are such. */
  const isTaken = isDefault || type === 'COMPOSITE' || algorithm === 'CRC64NVME' || input.ChecksumType
  if (other || !isTaken || input[memberOf(algorithm)] !== value)
    throw badDigest(`The ${algorithm.toLowerCase()} you specified did not match the calculated checksum.`)
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 2 ** 20

interface NamedPart extends ChecksumMembers {
  readonly PartNumber?: number | undefined
  readonly ETag?: string | undefined
}

interface Completion {
  readonly uploadId: string
  readonly named: readonly NamedPart[]
  readonly uploaded: ReadonlyMap<number, Part>
  readonly checksum: Upload['checksum']
}

/** The parts that an upload is completed with; throws S3's refusals. */
function chosenParts({ uploadId, named, uploaded, checksum }: Completion): readonly Part[] {
  if (named.length === 0 || named.length > MAX_PART_NUMBER) throw malformedXml()
  const tooLow = named.find(({ PartNumber }) => PartNumber !== undefined && PartNumber < 1)
  if (tooLow) throw invalidArgument('PartNumber must be >= 1', 'PartNumber', String(tooLow.PartNumber))
  if (named.some(({ PartNumber, ETag }) => PartNumber === undefined || ETag === undefined))
    throw malformedXml()
  if (named.some(({ PartNumber }, index) => index > 0 && PartNumber! <= named[index - 1]!.PartNumber!))
    throw invalidPartOrder(uploadId)
  const parts = named.map((name) => partNamed(name, uploadId, uploaded, checksum))
  for (const { partNumber, etag, sizeBytes } of parts.slice(0, -1))
    if (sizeBytes < MIN_PART_BYTES)
      throw entityTooSmall({
        ProposedSize: String(sizeBytes),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(partNumber),
        ETag: etag,
      })
  return parts
}

function partNamed(
  name: NamedPart,
  uploadId: string,
  uploaded: ReadonlyMap<number, Part>,
  { algorithm, type, isDefault }: Upload['checksum'],
): Part {
  const { PartNumber: partNumber, ETag: etag } = name
  const part = uploaded.get(partNumber!)
  const notThere = () =>
    invalidPart({ UploadId: uploadId, PartNumber: String(partNumber), ETag: unquoted(etag!) })
  if (part?.etag !== unquoted(etag!)) throw notThere()
  const other = CHECKSUM_ALGORITHMS.find((each) => each !== algorithm && name[memberOf(each)] !== undefined)
  if (other && isDefault) throw notThere()
  if (other)
    throw badDigest(
      `The ${other.toLowerCase()} you specified for part ${partNumber} did not match what we received.`,
    )
  const value = name[memberOf(algorithm)]
  if (value === undefined && type === 'COMPOSITE')
    throw invalidRequest(
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${partNumber} in the request.`,
    )
  if (value !== undefined && value !== part.checksum) throw notThere()
  return part
}

/** The MD5 of the parts' MD5s, and how many they are. */
function etagOfParts(etags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of etags) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex')}-${etags.length}`
}
