import { structure } from '../../service/shape.ts'
import { aclOf, aclOutput } from '../acl/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html */
export const getBucketAcl = operation({
  name: 'GetBucketAcl',
  http: { method: 'GET', path: '/{Bucket}', query: ['acl'], xmlRoot: 'AccessControlPolicy' },
  input: structure(bucketInput),
  output: structure(aclOutput),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    return aclOf(bucket, bucket.grants)
  },
})
