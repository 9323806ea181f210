import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { putTags } from '../objects/commit.ts'
import { operation } from '../s3.ts'
import { bucketInput, objectInput, versionInput } from '../shapes.ts'

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
