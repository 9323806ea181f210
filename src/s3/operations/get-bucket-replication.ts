import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html */
export const getBucketReplication = operation({
  name: 'GetBucketReplication',
  action: 's3:GetReplicationConfiguration',
  http: { method: 'GET', path: '/{Bucket}', query: ['replication'] },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    const { name } = (await requireBucket(s3, input, caller)).value
    throw notConfigured(
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
      name,
    )
  },
})
