import { asPayload, inHeader, named, oneOf, required, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { malformedXml, notImplementedFeature } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * The bucket's owner pays, and goes on doing so.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
 */
export const putBucketRequestPayment = operation({
  name: 'PutBucketRequestPayment',
  http: { method: 'PUT', path: '/{Bucket}', query: ['requestPayment'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    RequestPaymentConfiguration: asPayload(
      named(
        'RequestPaymentConfiguration',
        required(structure({ Payer: required(oneOf('Requester', 'BucketOwner')) })),
      ),
    ),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    const { Payer: payer } = input.RequestPaymentConfiguration
    if (payer === 'Requester') throw notImplementedFeature('PutBucketRequestPayment with the payer Requester')
    if (payer !== 'BucketOwner') throw malformedXml()
    return {}
  },
})
