import { structure } from '../../service/shape.ts'
import { requireBucket } from '../bucket.ts'
import { bucketInput, objectInput, versionInput } from '../object-members.ts'
import { putTags } from '../put-tags.ts'
import { operation } from '../s3-operation.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export const deleteObjectTagging = operation({
  name: 'DeleteObjectTagging',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', query: ['tagging'], status: 204 },
  input: structure({ ...bucketInput, Key: objectInput.Key, ...versionInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    await putTags(s3, input, [])
    return {}
  },
})
