import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { checkedEncryption, encryptionConfiguration } from '../buckets/default-encryption.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html */
export const putBucketEncryption = operation({
  name: 'PutBucketEncryption',
  action: 's3:PutEncryptionConfiguration',
  http: { method: 'PUT', path: '/{Bucket}', query: ['encryption'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    ServerSideEncryptionConfiguration: asPayload(
      named('ServerSideEncryptionConfiguration', required(encryptionConfiguration)),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const encryption = checkedEncryption(input.ServerSideEncryptionConfiguration)
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, encryption }))
    return {}
  },
})
