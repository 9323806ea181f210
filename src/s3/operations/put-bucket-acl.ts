import { structure } from '../../service/shape.ts'
import { aclInput, writtenGrants } from '../acl/acl.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { publicAccessBlockOf } from '../buckets/public-access-block.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html */
export const putBucketAcl = operation({
  name: 'PutBucketAcl',
  http: { method: 'PUT', path: '/{Bucket}', query: ['acl'] },
  input: structure({ ...bucketInput, ...aclInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, ({ grants: _, ...bucket }) => {
      const grants = writtenGrants(bucket, publicAccessBlockOf(bucket), input)
      return { ...bucket, ...(grants && { grants }) }
    })
    return {}
  },
})
