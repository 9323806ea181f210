import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * Without controls lists count, as they did before there were any.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
 */
export const deleteBucketOwnershipControls = operation({
  name: 'DeleteBucketOwnershipControls',
  action: 's3:PutBucketOwnershipControls',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['ownershipControls'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, ownership: 'none' as const }))
    return {}
  },
})
