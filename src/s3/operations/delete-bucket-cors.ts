import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html */
export const deleteBucketCors = operation({
  name: 'DeleteBucketCors',
  action: 's3:PutBucketCORS',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['cors'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, ({ corsRules: _, ...bucket }) => bucket)
    return {}
  },
})
