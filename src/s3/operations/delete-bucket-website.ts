import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * There is no website.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
 */
export const deleteBucketWebsite = operation({
  name: 'DeleteBucketWebsite',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['website'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return {}
  },
})
