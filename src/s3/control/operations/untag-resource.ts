import { inQuery, list, required, string, structure } from '../../../service/shape.ts'
import { operation } from '../../s3.ts'
import { taggedResourceInput, updateTags } from '../tagged-resource.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_UntagResource.html */
export const untagResource = operation({
  name: 'UntagResource',
  http: { method: 'DELETE', path: '/v20180820/tags/{resourceArn+}', status: 204 },
  input: structure({ ...taggedResourceInput, TagKeys: inQuery('tagKeys', required(list(string()))) }),
  output: structure({}),
  async handle(s3, input, caller) {
    const removed = new Set(input.TagKeys)
    await updateTags(s3, input, caller, (tags) => tags.filter(({ Key }) => !removed.has(Key)))
    return {}
  },
})
