import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { causedBy } from '../notifications/cause.ts'
import { versionIdOf } from '../objects/found.ts'
import { redescribe } from '../objects/redescribe.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput, versionOutput } from '../shapes.ts'
import { checkedTags, OBJECT_TAGS, taggingInput, tagSetOf } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export const putObjectTagging = operation({
  name: 'PutObjectTagging',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', query: ['tagging'] },
  input: structure({ ...objectInput, ...versionInput, ...taggingInput }),
  output: structure(versionOutput),
  async handle(s3, input, caller) {
    const findHome = () => requireBucket(s3, input, caller)
    await findHome()
    const tags = checkedTags(tagSetOf(input), OBJECT_TAGS)
    const asked = {
      ...{ key: input.Key, versionId: input.VersionId, method: 'PUT' },
      causesIn: causedBy('ObjectTagging:Put', caller),
    }
    const { bucket, object } = await redescribe(s3, findHome, asked, (was) => ({ ...was, tags }))
    return { VersionId: versionIdOf(bucket, object) }
  },
})
