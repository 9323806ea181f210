import { structure } from '../../service/shape.ts'
import { aclInput, checkOwnersAcl } from '../buckets/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html */
export const putBucketAcl = operation({
  name: 'PutBucketAcl',
  http: { method: 'PUT', path: '/{Bucket}', query: ['acl'] },
  input: structure({ ...bucketInput, ...aclInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    checkOwnersAcl(bucket, input)
    return {}
  },
})
