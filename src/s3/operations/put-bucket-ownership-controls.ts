import { asPayload, inHeader, named, required, string, structure } from '../../service/shape.ts'
import { aclAgainstOwnership } from '../acl/acl-exceptions.ts'
import { isOwnersOnly } from '../acl/acl-grants.ts'
import { OWNERSHIPS, ownershipControls } from '../acl/ownership.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { malformedXml } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput, checksumAlgorithm } from '../shapes.ts'

/**
 * Lists can be switched off where the bucket's own gives nobody else anything.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
 */
export const putBucketOwnershipControls = operation({
  name: 'PutBucketOwnershipControls',
  http: { method: 'PUT', path: '/{Bucket}', query: ['ownershipControls'] },
  input: structure({
    ...bucketInput,
    ContentMD5: inHeader('Content-MD5', string()),
    ChecksumAlgorithm: inHeader('x-amz-sdk-checksum-algorithm', checksumAlgorithm),
    OwnershipControls: asPayload(named('OwnershipControls', required(ownershipControls))),
  }),
  output: structure({}),
  async handle(s3, input, caller) {
    const [rule, ...others] = input.OwnershipControls.Rules ?? []
    const ownership = OWNERSHIPS.find((each) => each === rule?.ObjectOwnership)
    if (!ownership || others.length > 0) throw malformedXml()
    await updateBucket(s3, input, caller, (bucket) => {
      const { grants, account } = bucket
      if (ownership === 'BucketOwnerEnforced' && grants && !isOwnersOnly(grants, account))
        throw aclAgainstOwnership()
      return { ...bucket, ownership }
    })
    return {}
  },
})
