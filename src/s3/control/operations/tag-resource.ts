import { list, named, required, structure } from '../../../service/shape.ts'
import { operation } from '../../s3.ts'
import { tag } from '../../tags.ts'
import { taggedResourceInput, updateTags } from '../tagged-resource.ts'

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_TagResource.html */
export const tagResource = operation({
  name: 'TagResource',
  http: { method: 'POST', path: '/v20180820/tags/{resourceArn+}', status: 204 },
  input: structure({ ...taggedResourceInput, Tags: required(list(named('Tag', tag))) }),
  output: structure({}),
  async handle(s3, input, caller) {
    const added = input.Tags ?? []
    const isKept = ({ Key }: { Key: string }) => !added.some((other) => other.Key === Key)
    await updateTags(s3, input, caller, (tags) => [...tags.filter(isKept), ...added])
    return {}
  },
})
