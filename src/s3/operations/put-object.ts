import { inHeader, long, string, structure } from '../../service/shape.ts'
import { accessesOfPut } from '../accesses.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { expirationAnswer } from '../buckets/lifecycle.ts'
import { checksumAnswer, checksumHeaders } from '../checksums/checksum.ts'
import { bodyInput, receiveChecked } from '../content/receive.ts'
import { putStoredObject } from '../objects/commit.ts'
import { writeConditionsOf } from '../objects/precondition.ts'
import { checkKey, descriptionOf, quoted } from '../objects/stored-object.ts'
import { operation } from '../s3.ts'
import {
  checksumType,
  encryptionOutput,
  expirationOutput,
  newObjectInput,
  writeConditions,
} from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject = operation({
  name: 'PutObject',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}' },
  input: structure({
    ...newObjectInput,
    ...bodyInput,
    ...writeConditions,
    WriteOffsetBytes: inHeader('x-amz-write-offset-bytes', long()),
  }),
  output: structure({
    ...expirationOutput,
    ETag: inHeader('ETag', string()),
    ...checksumHeaders,
    ChecksumType: inHeader('x-amz-checksum-type', checksumType),
    ...encryptionOutput,
  }),
  accesses: accessesOfPut,
  async handle(s3, input, caller) {
    const { lifecycleRules } = (await requireBucket(s3, input, caller)).value
    checkKey(input.Key)
    const conditions = writeConditionsOf(input)
    const description = descriptionOf(input)
    const { content, sizeBytes, md5, checksum, changes } = await receiveChecked(s3, input)
    const { Bucket: bucket, Key: key } = input
    const lastModified = s3.nowSecond()
    const object = { ...description, sizeBytes, etag: md5, lastModified, checksum, content }
    await putStoredObject(s3, { bucket, key, object, conditions, also: changes })
    return {
      ...expirationAnswer(lifecycleRules, { ...object, key }),
      ETag: quoted(md5),
      ...checksumAnswer(checksum),
      ServerSideEncryption: 'AES256' as const,
    }
  },
})
