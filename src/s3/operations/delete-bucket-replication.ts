import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * Nothing is replicated.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html
 */
export const deleteBucketReplication = operation({
  name: 'DeleteBucketReplication',
  action: 's3:PutReplicationConfiguration',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['replication'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return {}
  },
})
