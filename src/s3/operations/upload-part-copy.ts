import { asPayload, inHeader, string, structure, timestamp } from '../../service/shape.ts'
import { accessesOfPut, accessesToSource } from '../accesses.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { checksumElements, memberOf } from '../checksums/checksum.ts'
import { type ByteRange, parseCopyRange } from '../content/range.ts'
import { MAX_UPLOAD_BYTES } from '../content/receive.ts'
import { copySourceTooLarge, invalidArgument, invalidRequest } from '../exceptions.ts'
import { admitPart, checkPartNumber, partInput, putPart, requireUpload } from '../multipart-upload.ts'
import { copiedOutput, copyContent, copySourceInput, requireCopySource } from '../objects/copy.ts'
import { untilFound } from '../objects/found.ts'
import { quoted } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { customerKeyHeaders, encryptionOutput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
export const uploadPartCopy = operation({
  name: 'UploadPartCopy',
  http: {
    method: 'PUT',
    path: '/{Bucket}/{Key+}',
    query: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
    xmlRoot: 'CopyPartResult',
  },
  input: structure({
    ...partInput,
    ...copySourceInput,
    CopySourceRange: inHeader('x-amz-copy-source-range', string()),
    ...customerKeyHeaders,
  }),
  output: structure({
    ...copiedOutput,
    CopyPartResult: asPayload(structure({ ETag: string(), LastModified: timestamp(), ...checksumElements })),
    ...encryptionOutput,
  }),
  accesses: async (s3, input, caller) => [
    ...(await accessesToSource(s3, input, caller, { tags: 'left' })),
    ...(await accessesOfPut(s3, { Bucket: input.Bucket, Key: input.Key }, caller)),
  ],
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    checkPartNumber(input.PartNumber)
    const { algorithm, isDefault } = (await requireUpload(s3, input)).value.checksum
    const { copy, versionId } = await untilFound(async () => {
      const source = await requireCopySource(s3, input, caller)
      const range = copyRange(input.CopySourceRange, source.object.sizeBytes)
      const sizeBytes = range ? range.end - range.start : source.object.sizeBytes
      if (sizeBytes > MAX_UPLOAD_BYTES) throw copySourceTooLarge(MAX_UPLOAD_BYTES)
      await admitPart(s3, bucket, input, sizeBytes)
      const copy = await copyContent(s3, source, algorithm, range)
      return copy && { copy, versionId: source.versionId }
    })
    const part = await putPart(s3, input, copy)
    return {
      CopySourceVersionId: versionId,
      CopyPartResult: {
        ETag: quoted(part.etag),
        LastModified: part.lastModified,
        ...(isDefault ? {} : { [memberOf(algorithm)]: part.checksum }),
      },
      ServerSideEncryption: 'AES256' as const,
    }
  },
})

function copyRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const range = parseCopyRange(header, sizeBytes)
  if (range === 'malformed')
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    )
  if (range === 'behind')
    throw invalidRequest('The specified copy range is invalid for the source object size')
  if (range === 'outside')
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      'x-amz-copy-source-range',
      header,
    )
  return range
}
