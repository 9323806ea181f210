import { asPayload, list, named, oneOf, required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html */
export const getBucketOwnershipControls = operation({
  name: 'GetBucketOwnershipControls',
  http: { method: 'GET', path: '/{Bucket}', query: ['ownershipControls'], xmlRoot: 'OwnershipControls' },
  input: structure(bucketInput),
  output: structure({
    OwnershipControls: asPayload(
      structure({
        Rules: named(
          'Rule',
          required(
            list(
              structure({
                ObjectOwnership: required(
                  oneOf('BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced'),
                ),
              }),
              { flattened: true },
            ),
          ),
        ),
      }),
    ),
  }),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    return { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] } }
  },
})
