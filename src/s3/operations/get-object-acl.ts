import { structure } from '../../service/shape.ts'
import { aclOutput, ownersAcl } from '../acl.ts'
import { requireBucket } from '../bucket.ts'
import { objectInput, versionInput } from '../object-members.ts'
import { requireObject } from '../read-object.ts'
import { operation } from '../s3-operation.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html */
export const getObjectAcl = operation({
  name: 'GetObjectAcl',
  http: { method: 'GET', path: '/{Bucket}/{Key+}', query: ['acl'], xmlRoot: 'AccessControlPolicy' },
  input: structure({ ...objectInput, ...versionInput }),
  output: structure(aclOutput),
  async handle(s3, input, caller) {
    const bucket = (await requireBucket(s3, input, caller)).value
    await requireObject(s3, input.Bucket, input.Key)
    return ownersAcl(bucket)
  },
})
