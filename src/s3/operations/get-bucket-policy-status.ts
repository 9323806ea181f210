import { asPayload, boolean, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { isPublic } from '../buckets/bucket-policy.ts'
import { noSuchBucketPolicy } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html */
export const getBucketPolicyStatus = operation({
  name: 'GetBucketPolicyStatus',
  http: { method: 'GET', path: '/{Bucket}', query: ['policyStatus'], xmlRoot: 'PolicyStatus' },
  input: structure(bucketInput),
  output: structure({ PolicyStatus: asPayload(structure({ IsPublic: boolean() })) }),
  async handle(s3, input, caller) {
    const { name, policy } = (await requireBucket(s3, input, caller)).value
    if (policy === undefined) throw noSuchBucketPolicy(name)
    return { PolicyStatus: { IsPublic: isPublic(policy) } }
  },
})
