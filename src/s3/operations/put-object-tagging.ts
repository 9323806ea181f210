import { structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { putTags } from '../objects/commit.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput } from '../shapes.ts'
import { checkedTags, OBJECT_TAGS, taggingInput, tagSetOf } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export const putObjectTagging = operation({
  name: 'PutObjectTagging',
  http: { method: 'PUT', path: '/{Bucket}/{Key+}', query: ['tagging'] },
  input: structure({ ...objectInput, ...versionInput, ...taggingInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    await putTags(s3, input, checkedTags(tagSetOf(input), OBJECT_TAGS))
    return {}
  },
})
