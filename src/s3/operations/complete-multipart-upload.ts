import { untilCommitted } from '../../engine/ports/update.ts'
import { asPayload, inHeader, integer, list, long, named, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import { checksumAnswer, checksumElements, checksumHeaders } from '../checksums/checksum.ts'
import { currentDocument, objectKey } from '../documents.ts'
import { writeConditionsOf } from '../objects/precondition.ts'
import { objectDocument, quoted } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  checksumType,
  customerKeyHeaders,
  encryptionOutput,
  expirationOutput,
  writeConditions,
} from '../shapes.ts'
import { checkSameParts, completeUpload } from '../uploads/completion.ts'
import { uploadInput } from '../uploads/multipart-upload.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload = operation({
  name: 'CompleteMultipartUpload',
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
    const object = isRepeated ? completed : await untilCommitted(() => completeUpload(s3, input, conditions))
    return {
      Location: caller.url,
      Bucket: bucket,
      Key: key,
      ...expirationAnswer(lifecycleRules, { ...object, key }),
      ETag: quoted(object.etag),
      ...checksumAnswer(object.checksum),
      ServerSideEncryption: 'AES256' as const,
    }
  },
})
