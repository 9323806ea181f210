import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { requireOwner } from '../buckets/bucket-policy.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html */
export const deleteBucketPolicy = operation({
  name: 'DeleteBucketPolicy',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['policy'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, ({ policy: _, ...bucket }) => {
      requireOwner(bucket, caller, 'DELETE')
      return bucket
    })
    return {}
  },
})
