import { asPayload, structure } from '../../service/shape.ts'
import { ownershipControls, ownershipOf } from '../acl/ownership.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html */
export const getBucketOwnershipControls = operation({
  name: 'GetBucketOwnershipControls',
  http: { method: 'GET', path: '/{Bucket}', query: ['ownershipControls'], xmlRoot: 'OwnershipControls' },
  input: structure(bucketInput),
  output: structure({ OwnershipControls: asPayload(ownershipControls) }),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    const ownership = ownershipOf(bucket)
    if (!ownership)
      throw notConfigured(
        'OwnershipControlsNotFoundError',
        'The bucket ownership controls were not found',
        bucket.name,
      )
    return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }
  },
})
