import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html */
export const deleteBucketLifecycle = operation({
  name: 'DeleteBucketLifecycle',
  action: 's3:PutLifecycleConfiguration',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['lifecycle'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(
      s3,
      input,
      caller,
      ({ lifecycleRules: _, transitionMinimum: _minimum, ...bucket }) => bucket,
    )
    return {}
  },
})
