import { required, structure } from '../../service/shape.ts'
import { operation } from '../kinesis.ts'
import { changeResource } from '../resource.ts'
import { resourceArn, streamId, tagKeys } from '../shapes.ts'
import { withoutTags } from '../tags.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UntagResource.html */
export const untagResource = operation({
  name: 'UntagResource',
  input: structure({ TagKeys: required(tagKeys), ResourceARN: required(resourceArn), StreamId: streamId }),
  output: structure({}),
  async handle(kinesis, input) {
    await changeResource(kinesis, input.ResourceARN, withoutTags(input.TagKeys))
    return {}
  },
})
