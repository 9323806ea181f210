import { inHeader, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { checksumHeaders, memberOf } from '../checksums/checksum.ts'
import { checksumTypeMismatch } from '../checksums/checksum-exceptions.ts'
import { announcedAlgorithm } from '../checksums/verification.ts'
import { bodyInput, receiveChecked } from '../content/receive.ts'
import { admitPart, checkPartNumber, partInput, putPart, requireUpload } from '../multipart-upload.ts'
import { quoted } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import { customerKeyHeaders, encryptionOutput, noEncryptionHeader } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart = operation({
  name: 'UploadPart',
  action: 's3:PutObject',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', query: ['partNumber', 'uploadId'] },
  input: structure({ ...partInput, ...bodyInput, ...customerKeyHeaders, ...noEncryptionHeader }),
  output: structure({ ETag: inHeader('ETag', string()), ...checksumHeaders, ...encryptionOutput }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    checkPartNumber(input.PartNumber)
    const { algorithm, type, isDefault } = (await requireUpload(s3, input)).value.checksum
    const announced = announcedAlgorithm(input)
    const mayLack = isDefault || (type === 'FULL_OBJECT' && announced === undefined)
    if (announced !== algorithm && !mayLack) throw checksumTypeMismatch(algorithm, announced)
    await admitPart(s3, bucket, input, input.ContentLength ?? 0)
    const received = await receiveChecked(s3, input, algorithm)
    const part = await putPart(s3, input, received)
    return {
      ETag: quoted(part.etag),
      ...(isDefault ? received.announced : { [memberOf(algorithm)]: part.checksum }),
      ServerSideEncryption: 'AES256' as const,
    }
  },
})
