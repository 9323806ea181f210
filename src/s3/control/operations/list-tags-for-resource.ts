import { list, named, structure } from '../../../service/shape.ts'
import { requireBucket } from '../../buckets/bucket.ts'
import { operation } from '../../s3.ts'
import { tag } from '../../tags.ts'
import { bucketInputOf, taggedResourceInput } from '../tagged-resource.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListTagsForResource.html */
export const listTagsForResource = operation({
  name: 'ListTagsForResource',
  http: {
    method: 'GET',
    path: '/v20180820/tags/{resourceArn+}',
    xmlRoot: 'ListTagsForResourceResult',
  },
  input: structure(taggedResourceInput),
  output: structure({ Tags: list(named('Tag', tag)) }),
  async handle(s3, input, caller) {
    return { Tags: [...(await requireBucket(s3, bucketInputOf(input), caller)).value.tags] }
  },
})
