import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html */
export const getObjectLockConfiguration = operation({
  name: 'GetObjectLockConfiguration',
  action: 's3:GetBucketObjectLockConfiguration',
  http: { method: 'GET', path: '/{Bucket}', query: ['object-lock'] },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    const { name } = (await requireBucket(s3, input, caller)).value
    throw notConfigured(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
      name,
    )
  },
})
