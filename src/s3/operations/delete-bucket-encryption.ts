import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * Objects are then encrypted with keys of S3's, as they are by default.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
 */
export const deleteBucketEncryption = operation({
  name: 'DeleteBucketEncryption',
  action: 's3:PutEncryptionConfiguration',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['encryption'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, ({ encryption: _, ...bucket }) => bucket)
    return {}
  },
})
