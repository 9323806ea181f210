import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html */
export const deletePublicAccessBlock = operation({
  name: 'DeletePublicAccessBlock',
  action: 's3:PutBucketPublicAccessBlock',
  http: { method: 'DELETE', path: '/{Bucket}', query: ['publicAccessBlock'], status: 204 },
  input: structure(bucketInput),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, publicAccessBlock: 'none' }))
    return {}
  },
})
