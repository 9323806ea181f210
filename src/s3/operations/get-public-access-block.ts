import { asPayload, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { publicAccessBlockOf, publicAccessBlockShape } from '../buckets/public-access-block.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html */
export const getPublicAccessBlock = operation({
  name: 'GetPublicAccessBlock',
  action: 's3:GetBucketPublicAccessBlock',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    query: ['publicAccessBlock'],
    xmlRoot: 'PublicAccessBlockConfiguration',
  },
  input: structure(bucketInput),
  output: structure({ PublicAccessBlockConfiguration: asPayload(publicAccessBlockShape) }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    const block = publicAccessBlockOf(bucket)
    if (!block)
      throw notConfigured(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        bucket.name,
      )
    return { PublicAccessBlockConfiguration: block }
  },
})
