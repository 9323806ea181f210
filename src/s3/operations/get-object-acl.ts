import { structure } from '../../service/shape.ts'
import { aclOf, aclOutput } from '../acl/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { requireObject } from '../objects/found.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
export const getObjectAcl = operation({
  name: 'GetObjectAcl',
  http: { method: 'GET', path: '/{Bucket}/{Key+}', query: ['acl'], xmlRoot: 'AccessControlPolicy' },
  input: structure({ ...objectInput, ...versionInput }),
  output: structure(aclOutput),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    const asked = { key: input.Key, versionId: input.VersionId }
    const { grants } = (await requireObject(s3, bucket, asked)).value
    return aclOf(bucket, grants)
  },
})
