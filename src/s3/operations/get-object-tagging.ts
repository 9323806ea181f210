import { required, structure } from '../../service/shape.ts'
import { requireBucket } from '../buckets/bucket.ts'
import { requireObject, versionIdOf } from '../objects/found.ts'
import { operation } from '../s3.ts'
import { objectInput, versionInput, versionOutput } from '../shapes.ts'
import { tagSet } from '../tags.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging = operation({
  name: 'GetObjectTagging',
  http: { method: 'GET', path: '/{Bucket}/{Key+}', query: ['tagging'], xmlRoot: 'Tagging' },
  input: structure({ ...objectInput, ...versionInput }),
  output: structure({ ...versionOutput, TagSet: required(tagSet) }),
  async handle(s3, input, caller) {
    const home = (await requireBucket(s3, input, caller)).value
    const { Bucket: bucket, Key: key, VersionId: versionId } = input
    const called = `${bucket}/${key}`
    const object = (await requireObject(s3, home, { key, versionId }, { called })).value
    return { VersionId: versionIdOf(home, object), TagSet: [...object.tags] }
  },
})
