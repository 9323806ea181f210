import { oneOf, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html */
export const getBucketRequestPayment = operation({
  name: 'GetBucketRequestPayment',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    query: ['requestPayment'],
    xmlRoot: 'RequestPaymentConfiguration',
  },
  input: structure(bucketInput),
  output: structure({ Payer: oneOf('Requester', 'BucketOwner') }),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return { Payer: 'BucketOwner' as const }
  },
})
