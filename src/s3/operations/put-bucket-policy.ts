import { isPublicPolicy } from '../../auth/policies/public-policy.ts'
import { asPayload, boolean, inHeader, required, string, structure } from '../../service/shape.ts'
import { arnOf, updateBucket } from '../buckets/bucket.ts'
import { requireOwner } from '../buckets/bucket-policy.ts'
import { checkedPolicy } from '../buckets/checked-policy.ts'
import { publicAccessBlockOf } from '../buckets/public-access-block.ts'
import { accessDenied } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html */
export const putBucketPolicy = operation({
  name: 'PutBucketPolicy',
  http: { method: 'PUT', path: '/{Bucket}', query: ['policy'], status: 204 },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    /** The root user of the account can change it whatever it says. */
    ConfirmRemoveSelfBucketAccess: inHeader('x-amz-confirm-remove-self-bucket-access', boolean()),
    Policy: asPayload(required(string())),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    await updateBucket(s3, input, caller, (bucket) => {
      requireOwner(bucket, caller, 'PUT')
      const policy = checkedPolicy(input.Policy, arnOf(bucket))
      if (publicAccessBlockOf(bucket)?.BlockPublicPolicy && isPublicPolicy(policy))
        throw accessDenied(
          `User: ${caller.principal.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${arnOf(bucket)}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
        )
      return { ...bucket, policy: input.Policy }
    })
    return {}
  },
})
