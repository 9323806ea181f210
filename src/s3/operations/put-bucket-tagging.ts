import { structure } from '../../service/shape.ts'
import { updateBucket } from '../buckets/bucket.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'
import { BUCKET_TAGS, checkedTags, taggingInput, tagSetOf } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html */
export const putBucketTagging = operation({
  name: 'PutBucketTagging',
  http: { method: 'PUT', path: '/{Bucket}', query: ['tagging'], status: 204 },
  input: structure({ ...bucketInput, ...taggingInput }),
  output: structure({}),
  async handle(s3, input, caller) {
    const tags = checkedTags(tagSetOf(input), BUCKET_TAGS)
    await updateBucket(s3, input, caller, (bucket) => ({ ...bucket, tags }))
    return {}
  },
})
