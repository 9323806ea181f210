import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { causedBy } from '../notifications/cause.ts'
import { versionIdOf } from '../objects/found.ts'
import { redescribe } from '../objects/redescribe.ts'
import { operation } from '../s3.ts'
import { bucketInput, objectInput, versionInput, versionOutput } from '../shapes.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export const deleteObjectTagging = operation({
  name: 'DeleteObjectTagging',
  http: { method: 'DELETE', path: '/{Bucket}/{Key+}', query: ['tagging'], status: 204 },
  input: structure({ ...bucketInput, Key: objectInput.Key, ...versionInput }),
  output: structure(versionOutput),
  async handle(s3, input, caller) {
    const findHome = () => requireBucket(s3, input, caller)
    const asked = {
      ...{ key: input.Key, versionId: input.VersionId, method: 'DELETE' },
      causesIn: causedBy('ObjectTagging:Delete', caller),
    }
    const { bucket, object } = await redescribe(s3, findHome, asked, (was) => ({ ...was, tags: [] }))
    return { VersionId: versionIdOf(bucket, object) }
  },
})
