import { required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { requireObject } from '../objects/found.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput } from '../shapes.ts'
import { tagSet } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging = operation({
  name: 'GetObjectTagging',
  http: { method: 'GET', path: '/{Bucket}/{Key+}', query: ['tagging'], xmlRoot: 'Tagging' },
  input: structure({ ...objectInput, ...versionInput }),
  output: structure({ TagSet: required(tagSet) }),
  async handle(s3, input, caller) {
    await requireBucket(s3, input, caller)
    const { Bucket: bucket, Key: key } = input
    const { tags } = (await requireObject(s3, bucket, key, `${bucket}/${key}`)).value
    return { TagSet: [...tags] }
  },
})
