import { string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning = operation({
  name: 'GetBucketVersioning',
  http: { method: 'GET', path: '/{Bucket}', query: ['versioning'], xmlRoot: 'VersioningConfiguration' },
  input: structure(bucketInput),
  output: structure({ Status: string() }),
  async handle(s3, input, caller) {
    return { Status: (await requireBucket(s3, input, caller)).value.versioning }
  },
})
