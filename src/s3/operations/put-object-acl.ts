import { structure } from '../../service/shape.ts'
import { aclInput, checkOwnersAcl } from '../buckets/acl.ts'
import { requireBucket } from '../buckets/bucket.ts'
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
    const { Key: key, VersionId: versionId } = input
    await requireObject(s3, bucket, { key, versionId }, { method: 'PUT' })
    checkOwnersAcl(bucket, input)
    return {}
  },
})
