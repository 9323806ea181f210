import { asPayload, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { encryptionAnswer, encryptionConfiguration } from '../buckets/default-encryption.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html */
export const getBucketEncryption = operation({
  name: 'GetBucketEncryption',
  action: 's3:GetEncryptionConfiguration',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    query: ['encryption'],
    xmlRoot: 'ServerSideEncryptionConfiguration',
  },
  input: structure(bucketInput),
  output: structure({ ServerSideEncryptionConfiguration: asPayload(encryptionConfiguration) }),
  async handle(s3, input, caller) {
    const { encryption } = (await requireBucket(s3, input, caller)).value
    return { ServerSideEncryptionConfiguration: encryptionAnswer(encryption) }
  },
})
