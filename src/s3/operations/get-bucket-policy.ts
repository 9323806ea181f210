import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export const getBucketPolicy = operation({
  name: 'GetBucketPolicy',
  http: { method: 'GET', path: '/{Bucket}', query: ['policy'] },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    const { name } = (await requireBucket(s3, input, caller)).value
    throw notConfigured('NoSuchBucketPolicy', 'The bucket policy does not exist', name)
  },
})
