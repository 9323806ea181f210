import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { publicAccessBlockShape } from '../buckets/public-access-block.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * What is left out is off.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
 */
export const putPublicAccessBlock = operation({
  name: 'PutPublicAccessBlock',
  action: 's3:PutBucketPublicAccessBlock',
  http: { method: 'PUT', path: '/{Bucket}', query: ['publicAccessBlock'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    PublicAccessBlockConfiguration: asPayload(
      named('PublicAccessBlockConfiguration', required(publicAccessBlockShape)),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const given = input.PublicAccessBlockConfiguration
    const publicAccessBlock = {
      BlockPublicAcls: given.BlockPublicAcls ?? false,
      IgnorePublicAcls: given.IgnorePublicAcls ?? false,
      BlockPublicPolicy: given.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
    }
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, publicAccessBlock }))
    return {}
  },
})
