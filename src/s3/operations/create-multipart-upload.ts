import { untilCommitted } from '../../engine/ports/update.ts'
import { inHeader, string, structure } from '../../service/shape.ts'
import { accessesOfPut } from '../accesses.ts'
import { aclFor } from '../buckets/acl-for.ts'
import { openBucket, requireBucket } from '../buckets/bucket.ts'
import { abortionAnswer } from '../buckets/lifecycle.ts'
import {
  CHECKSUM_ALGORITHMS,
  CHECKSUM_TYPES,
  type ChecksumAlgorithm,
  type ChecksumType,
  DEFAULT_ALGORITHM,
  isFullObjectAlgorithm,
} from '../checksums/checksum.ts'
import { unsupportedChecksumAlgorithm } from '../checksums/checksum-exceptions.ts'
import { currentDocument, objectKey, uploadKey } from '../documents.ts'
import { invalidRequest } from '../exceptions.ts'
import { newUploadId, type Upload } from '../multipart-upload.ts'
import { checkKey, descriptionOf, objectDocument } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  abortionOutput,
  checksumAlgorithm,
  checksumType,
  encryptionOutput,
  newObjectInput,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload = operation({
  name: 'CreateMultipartUpload',
  http: {
    method: 'POST',
    path: '/{Bucket}/{Key+}',
    query: ['uploads'],
    xmlRoot: 'InitiateMultipartUploadResult',
  },
  input: structure({
    ...newObjectInput,
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', checksumAlgorithm),
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
  }),
  output: structure({
    ...abortionOutput,
    Bucket: string(),
    Key: string(),
    UploadId: string(),
    ...encryptionOutput,
    ChecksumAlgorithm: inHeader('x-amz-checksum-algorithm', checksumAlgorithm),
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
  }),
  accesses: accessesOfPut,
  async handle(s3, input, caller) {
    const target = (await requireBucket(s3, input, caller)).value
    const { lifecycleRules } = target
    const { Bucket: bucket, Key: key } = input
    checkKey(key)
    const started = {
      id: newUploadId(s3, input.Key),
      bucket,
      key,
      initiatedAt: s3.nowSecond(),
      description: descriptionOf(input),
      checksum: uploadChecksum(input),
    }
    await untilCommitted(async () => {
      const home = await openBucket(s3, bucket)
      const { revision: before } = await currentDocument(s3.metadata, objectDocument, objectKey(bucket, key))
      const upload: Upload = {
        ...started,
        description: { ...started.description, ...aclFor(home.value, input) },
        bucketId: home.value.id,
        ...(before !== undefined && { before }),
      }
      await s3.metadata.commit([
        { put: uploadKey(bucket, key, upload.id), value: upload, expect: 'absent' },
        { check: home.key, expect: home.revision },
      ])
    })
    const { algorithm, type, isDefault } = started.checksum
    return {
      ...abortionAnswer(lifecycleRules, started),
      Bucket: bucket,
      Key: key,
      UploadId: started.id,
      ServerSideEncryption: 'AES256' as const,
      ...(isDefault ? {} : { ChecksumAlgorithm: algorithm, ChecksumType: type }),
    }
  },
})

/**
 * Which checksum an upload will have: CRC64NVME is always of the whole object, the other CRCs may be, the rest is
 * of the parts' checksums.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function uploadChecksum({
  ChecksumAlgorithm: algorithm,
  ChecksumType: type,
}: {
  readonly ChecksumAlgorithm?: ChecksumAlgorithm | undefined
  readonly ChecksumType?: ChecksumType | undefined
}): Upload['checksum'] {
  if (algorithm === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      )
    return { algorithm: DEFAULT_ALGORITHM, type: 'FULL_OBJECT', isDefault: true }
  }
  if (!CHECKSUM_ALGORITHMS.includes(algorithm)) throw unsupportedChecksumAlgorithm()
  if (type !== undefined && !CHECKSUM_TYPES.includes(type))
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.')
  const chosen = type ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')
  const isPossible = chosen === 'FULL_OBJECT' ? isFullObjectAlgorithm(algorithm) : algorithm !== 'CRC64NVME'
  if (!isPossible)
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    )
  return { algorithm, type: chosen, isDefault: false }
}
