import { structure } from '../../service/shape.ts'
import { aclInput, checkOwnersAcl } from '../acl.ts'
import { requireBucket } from '../bucket.ts'
import { bucketInput } from '../object-members.ts'
import { operation } from '../s3-operation.ts'

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
