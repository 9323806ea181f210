import { asPayload, inHeader, string, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { requireOwner } from '../buckets/bucket-policy.ts'
import { noSuchBucketPolicy } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export const getBucketPolicy = operation({
  name: 'GetBucketPolicy',
  http: { method: 'GET', path: '/{Bucket}', query: ['policy'] },
  input: structure(bucketInput),
  output: structure({ ContentType: inHeader('Content-Type', string()), Policy: asPayload(string()) }),
  async handle(s3, input, caller) {
    const { name, account, policy } = (await requireBucket(s3, input, caller)).value
    requireOwner({ account }, caller, 'GET')
    if (policy === undefined) throw noSuchBucketPolicy(name)
    return { ContentType: 'application/json', Policy: policy }
  },
})
