import { asPayload, inHeader, oneOf, string, structure, timestamp } from '../../service/shape.ts'
import { accessesOfPut, accessesToSource, accessTo, keysOf } from '../accesses.ts'
import { aclFor } from '../buckets/acl-for.ts'
import { type Bucket, requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import { CHECKSUM_ALGORITHMS, checksumAnswer, checksumElements } from '../checksums/checksum.ts'
import { unsupportedChecksumAlgorithm } from '../checksums/checksum-exceptions.ts'
import { MAX_UPLOAD_BYTES } from '../content/receive.ts'
import { copySourceTooLarge, invalidArgument, invalidRequest } from '../exceptions.ts'
import { byCaller } from '../notifications/cause.ts'
import { admitObject, madeVersion, putStoredObject } from '../objects/commit.ts'
import {
  copiedOutput,
  copyContent,
  copySourceInput,
  parseCopySource,
  requireCopySource,
} from '../objects/copy.ts'
import { untilFound } from '../objects/found.ts'
import { writeConditionsOf } from '../objects/precondition.ts'
import { checkKey, descriptionOf, quoted, type StoredObject } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  checksumAlgorithm,
  checksumType,
  encryptionOutput,
  expirationOutput,
  newObjectInput,
  versionOutput,
  writeConditions,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject = operation({
  name: 'CopyObject',
  http: {
    method: 'PUT',
    path: '/{Bucket}/{Key+}',
    header: 'x-amz-copy-source',
    xmlRoot: 'CopyObjectResult',
  },
  input: structure({
    ...newObjectInput,
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', checksumAlgorithm),
    ...copySourceInput,
    ...writeConditions,
    MetadataDirective: inHeader('x-amz-metadata-directive', oneOf('COPY', 'REPLACE')),
    TaggingDirective: inHeader('x-amz-tagging-directive', oneOf('COPY', 'REPLACE')),
    /** There are no annotations to copy. */
    AnnotationDirective: inHeader('x-amz-object-annotation-directive', oneOf('COPY', 'EXCLUDE')),
  }),
  output: structure({
    CopyObjectResult: asPayload(
      structure({
        ETag: string(),
        LastModified: timestamp(),
        ChecksumType: checksumType,
        ...checksumElements,
      }),
    ),
    ...expirationOutput,
    ...copiedOutput,
    ...versionOutput,
    ...encryptionOutput,
  }),
  async accesses(s3, input, caller) {
    const isTagged = input.TaggingDirective === 'REPLACE'
    const source = await accessesToSource(s3, input, caller, {
      tags: isTagged ? 'left' : 'copied',
      refuse: refuseVersion,
    })
    const put = await accessesOfPut(s3, isTagged ? input : { ...input, Tagging: undefined }, caller)
    const hasTags = !isTagged && source.length > 1
    const { Bucket: bucket, Key: key } = input
    const tagging = { action: 's3:PutObjectTagging', bucket, key, keys: keysOf(input) }
    return [...source, ...put, ...(hasTags ? [await accessTo(s3, caller, tagging)] : [])]
  },
  async handle(s3, input, caller) {
    const home = (await requireBucket(s3, input, caller)).value
    checkKey(input.Key)
    checkDirective('x-amz-metadata-directive', input.MetadataDirective)
    checkDirective('x-amz-tagging-directive', input.TaggingDirective)
    if (input.ChecksumAlgorithm && !CHECKSUM_ALGORITHMS.includes(input.ChecksumAlgorithm))
      throw unsupportedChecksumAlgorithm()
    const conditions = writeConditionsOf(input)
    refuseCopyOntoItself(input, home)
    const described = { ...descriptionOf(input), ...aclFor(home, input) }
    const { source, copy } = await untilFound(async () => {
      const source = await requireCopySource(s3, input, caller, refuseVersion)
      if (source.object.sizeBytes > MAX_UPLOAD_BYTES) throw copySourceTooLarge(MAX_UPLOAD_BYTES)
      await admitObject(s3, home, input.Key, source.object.sizeBytes)
      const copy = await copyContent(s3, source, input.ChecksumAlgorithm)
      return copy && { source, copy }
    })
    const { content, sizeBytes, md5: etag, checksum, changes } = copy
    const object: StoredObject = {
      ...(input.MetadataDirective === 'REPLACE'
        ? described
        : { ...described, ...copied(source.object, input) }),
      tags: input.TaggingDirective === 'REPLACE' ? described.tags : source.object.tags,
      sizeBytes,
      etag,
      lastModified: s3.nowSecond(),
      checksum,
      content,
    }
    const { Bucket: bucket, Key: key } = input
    const { version } = await putStoredObject(s3, {
      ...{ bucket, key, object, conditions, also: changes },
      cause: { event: 'ObjectCreated:Copy', by: byCaller(caller) },
      checkBucket: (bucket) => void aclFor(bucket, input),
    })
    return {
      CopySourceVersionId: source.versionId,
      ...madeVersion(version),
      CopyObjectResult: {
        ETag: quoted(etag),
        LastModified: object.lastModified,
        ...checksumAnswer(checksum),
      },
      ...expirationAnswer(home.lifecycleRules, { ...object, key }),
      ServerSideEncryption: 'AES256' as const,
    }
  },
})

interface CopyInput {
  readonly Bucket: string
  readonly Key: string
  readonly CopySource: string
  readonly MetadataDirective?: string | undefined
  readonly TaggingDirective?: string | undefined
  readonly StorageClass?: string | undefined
  readonly WebsiteRedirectLocation?: string | undefined
  readonly ServerSideEncryption?: string | undefined
}

/** A website redirect belongs to the key and is not copied; the storage class is the request's. */
function copied(source: StoredObject, { WebsiteRedirectLocation: redirect }: CopyInput) {
  const { WebsiteRedirectLocation: _, ...headers } = source.headers
  return {
    headers: redirect === undefined ? headers : { ...headers, WebsiteRedirectLocation: redirect },
    metadata: source.metadata,
  }
}

function checkDirective(name: string, value: string | undefined): void {
  if (value !== undefined && value !== 'COPY' && value !== 'REPLACE')
    throw invalidArgument(
      `Unknown ${name.includes('tagging') ? 'tagging' : 'metadata'} directive.`,
      name,
      value,
    )
}

/** AWS has other words here than for UploadPartCopy. */
const refuseVersion = () => invalidRequest('Invalid Request')

/** But for a version's: that is how one is restored. */
function refuseCopyOntoItself(input: CopyInput, { versioning }: Pick<Bucket, 'versioning'>): void {
  const source = parseCopySource(input.CopySource, refuseVersion)
  if (versioning && source.versionId !== undefined) return
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.TaggingDirective === 'REPLACE' ||
    input.StorageClass !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    input.ServerSideEncryption !== undefined
  if (source.bucket === input.Bucket && source.key === input.Key && !changes)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    )
}
