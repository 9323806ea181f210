import { structure } from '../../service/shape.ts'
import { aclInput, writtenGrants } from '../acl/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { publicAccessBlockOf } from '../buckets/public-access-block.ts'
import { causedBy } from '../notifications/cause.ts'
import { redescribe } from '../objects/redescribe.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html */
export const putObjectAcl = operation({
  name: 'PutObjectAcl',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', query: ['acl'] },
  input: structure({ ...objectInput, ...versionInput, ...aclInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    const findHome = () => requireBucket(s3, input, caller)
    const asked = {
      ...{ key: input.Key, versionId: input.VersionId, method: 'PUT' },
      causesIn: causedBy('ObjectAcl:Put', caller),
    }
    await redescribe(s3, findHome, asked, ({ grants: _, ...object }, bucket) => {
      const grants = writtenGrants(bucket, publicAccessBlockOf(bucket), input)
      return { ...object, ...(grants && { grants }) }
    })
    return {}
  },
})
