import { inHeader, string, structure } from '../../service/shape.ts'
import { arnOf, requireBucket } from '../bucket.ts'
import { bucketInput } from '../object-members.ts'
import { operation } from '../s3-operation.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket = operation({
  name: 'HeadBucket',
  http: { method: 'HEAD', path: '/{Bucket}' },
  input: structure(bucketInput),
  output: structure({
    BucketArn: inHeader('x-amz-bucket-arn', string()),
    BucketRegion: inHeader('x-amz-bucket-region', string()),
  }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    return { BucketArn: arnOf(bucket), BucketRegion: bucket.region }
  },
})
