import { required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { notConfigured } from '../exceptions.ts'
import { operation } from '../s3.ts'
import { bucketInput } from '../shapes.ts'
import { tagSet } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
export const getBucketTagging = operation({
  name: 'GetBucketTagging',
  http: { method: 'GET', path: '/{Bucket}', query: ['tagging'], xmlRoot: 'Tagging' },
  input: structure(bucketInput),
  output: structure({ TagSet: required(tagSet) }),
  async handle(s3, input, caller) {
    const { name, tags } = (await requireBucket(s3, input, caller)).value
    if (tags.length === 0) throw notConfigured('NoSuchTagSet', 'The TagSet does not exist', name)
    return { TagSet: [...tags] }
  },
})
