import { asPayload, boolean, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/**
 * As in every bucket that AWS makes since April 2023, all of it is blocked.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
 */
export const getPublicAccessBlock = operation({
  name: 'GetPublicAccessBlock',
  http: {
    method: 'GET',
    path: '/{Bucket}',
    query: ['publicAccessBlock'],
    xmlRoot: 'PublicAccessBlockConfiguration',
  },
  input: structure(bucketInput),
  output: structure({
    PublicAccessBlockConfiguration: asPayload(
      structure({
        BlockPublicAcls: boolean(),
        IgnorePublicAcls: boolean(),
        BlockPublicPolicy: boolean(),
        RestrictPublicBuckets: boolean(),
      }),
    ),
  }),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    }
  },
})
