import { inHeader, oneOf, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html */
export const getBucketAccelerateConfiguration = operation({
  name: 'GetBucketAccelerateConfiguration',
  action: 's3:GetAccelerateConfiguration',
  http: { method: 'GET', path: '/{Bucket}', query: ['accelerate'], xmlRoot: 'AccelerateConfiguration' },
  input: structure({ ...bucketInput, RequestPayer: inHeader('x-amz-request-payer', string()) }),
  output: structure({ Status: oneOf('Enabled', 'Suspended') }),
  async handle(s3, input, caller) {
    return { Status: (await requireBucket(s3, input, caller)).value.acceleration }
  },
})
