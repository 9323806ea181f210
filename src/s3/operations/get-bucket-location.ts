import { asPayload, string, structure } from '../../service/shape.ts'
import { fromAnywhere, locationOf, requireBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export const getBucketLocation = operation({
  name: 'GetBucketLocation',
  http: { method: 'GET', path: '/{Bucket}', query: ['location'], xmlRoot: 'LocationConstraint' },
  input: structure(bucketInput),
  output: structure({ LocationConstraint: asPayload(string()) }),
  handle: async (s3, input, caller) => ({
    LocationConstraint: locationOf((await requireBucket(s3, input, fromAnywhere(caller))).value),
  }),
})
