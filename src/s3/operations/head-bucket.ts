import { boolean, inHeader, string, structure } from '../../service/shape.ts'
import { arnOf, requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket = operation({
  name: 'HeadBucket',
  action: 's3:ListBucket',
  http: { method: 'HEAD', path: '/{Bucket}' },
  input: structure(bucketInput),
  output: structure({
    BucketArn: inHeader('x-amz-bucket-arn', string()),
    BucketRegion: inHeader('x-amz-bucket-region', string()),
    AccessPointAlias: inHeader('x-amz-access-point-alias', boolean()),
    /** Of a body that is never there; not in AWS's models, but S3 sends it. */
    ContentType: inHeader('Content-Type', string()),
  }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    return {
      BucketArn: arnOf(bucket),
      BucketRegion: bucket.region,
      AccessPointAlias: false,
      ContentType: 'application/xml',
    }
  },
})
