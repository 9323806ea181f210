import { untilCommitted } from '../../engine/ports/update.ts'
import { structure } from '../../service/shape.ts'
import { aclInput, writtenGrants } from '../acl/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { publicAccessBlockOf } from '../buckets/public-access-block.ts'
import { requireObject } from '../objects/found.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html */
export const putObjectAcl = operation({
  name: 'PutObjectAcl',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', query: ['acl'] },
  input: structure({ ...objectInput, ...versionInput, ...aclInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    await untilCommitted(async () => {
      const { key, value, revision } = await requireObject(s3, input.Bucket, input.Key)
      const { grants: _, ...object } = value
      const grants = writtenGrants(bucket, publicAccessBlockOf(bucket), input)
      return s3.metadata.commit([
        { put: key, value: { ...object, ...(grants && { grants }) }, expect: revision },
      ])
    })
    return {}
  },
})
